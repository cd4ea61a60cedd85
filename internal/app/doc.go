// Package app wires the parts of SIPAS together: it opens the database, the limiter and the
// web server from one configuration, runs them, and closes them in order.
package app
