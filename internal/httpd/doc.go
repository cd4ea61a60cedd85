// Package httpd is the kernel of the web: the table of routes and what holds it,
// serving, errors, pages, assets. What each route shows belongs to the audiences
// in the folders below, which hand their routes to Kernel.Handler. It is the
// only importer of gin.
package httpd
