// Package httpd is the web: one route table with the permission beside each
// path, handlers, the mapping of errors to answers, and the rendering of
// pages. It is the only importer of gin.
package httpd
