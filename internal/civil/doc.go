// Package civil counts time as offices do: local days, months, and the periods
// that plans and reports name.
package civil
