// Package testkit gives tests the real things they need: databases, Redis, a browser.
// It is imported by tests only. What a machine does not have ends the test through [Missing].
package testkit
