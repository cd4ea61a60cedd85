// Package civil counts time as offices do: local days, half months, and the
// periods that plans and reports name.
package civil
