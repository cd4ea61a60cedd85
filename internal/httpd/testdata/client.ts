// A client of the API in strict TypeScript: its types are made from the OpenAPI
// document. It gives one answer, reads what became of it, and prints what it saw.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };

const [, , baseUrl = "", code = "", Authorization = ""] = process.argv;
const anyone = createClient<paths>({ baseUrl });
const viewer = createClient<paths>({ baseUrl, headers: { Authorization } });

// What was got, or the problem in words.
function got<T>(answer: { data?: T; error?: components["schemas"]["Problem"] | undefined }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const path = { code };
const form = got(await anyone.GET("/api/v1/service-points/{code}/form", { params: { path, query: { lang: "en" } } }));
const question = form.questions.find(q => q.required && q.type === "scale5");
if (!question) throw new Error("nothing to answer");

const header = { "Idempotency-Key": crypto.randomUUID() };
function send(level: number) {
  return anyone.POST("/api/v1/service-points/{code}/responses", {
    params: { path, header },
    body: { version: form.version, answers: { [question!.key]: level } },
  });
}
const first = await send(5);
const again = await send(5);
const other = await send(1); // the key was used
type Conflict = paths["/api/v1/service-points/{code}/responses"]["post"]["responses"][409]["content"]["application/problem+json"];
const conflict: Conflict | undefined = other.error;

const query = { year: 2025, period: "Y", detail: "1" } as const;
const board = got(await viewer.GET("/api/v1/board", { params: { query } }));
const row = board.rows.find(({ field }) => field === "dat-dai");
if (!row) throw new Error("no row of land");
const percent: number | null = row.percent;
const standings: ("met" | "missed" | "not-enough-data")[] = row.targets.map(target => target.standing);
const published = got(await anyone.GET("/api/v1/published"));

// What the document does not allow does not compile.
// @ts-expect-error: an answer names the version of its form
const unversioned: components["schemas"]["Submission"] = { answers: {} };
// @ts-expect-error: sending needs a key
const keyless = () => anyone.POST("/api/v1/service-points/{code}/responses", { params: { path }, body: { version: "", answers: {} } });
void [unversioned, keyless];

console.log(JSON.stringify({
  statuses: [first, again, other].map(({ response }) => response.status),
  receipts: [first, again].map(answer => got(answer).receipt),
  title: conflict?.title, n: row.n, percent, standings, parts: row.parts?.length, published: published.length,
}));
