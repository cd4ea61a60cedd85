package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// serveDecode answers like the product but keeps nothing: gin decodes the
// posted answers and redirects. What a server does beyond it is the product.
func serveDecode(args []string) error {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.GET("/q/:code", func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(decodeForm)) })
	engine.POST("/q/:code", func(c *gin.Context) {
		if err := c.Request.ParseForm(); err != nil || len(c.Request.PostForm) < scaleAnswers {
			c.Status(http.StatusBadRequest)
			return
		}
		c.Redirect(http.StatusSeeOther, "/")
	})
	server := &http.Server{Addr: args[0], Handler: engine} //nolint:gosec // talks to this machine only, for seconds
	return server.ListenAndServe()
}

// decodeForm holds what the load client looks for: the hidden input and twelve
// questions.
var decodeForm = func() string {
	page := `<form><input type="hidden" name="submission" value="00000000-0000-7000-8000-000000000000">`
	for i := range scaleAnswers {
		page += `<input type="radio" name="a.q` + string(rune('a'+i)) + `" value="4">`
	}
	return page
}()
