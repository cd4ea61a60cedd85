package httpd

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"sipas/internal/auth"
)

// route is one path, who may ask for it, and what answers.
type route struct {
	method, path string
	permission   auth.Permission
	handle       func(*gin.Context) error
}

// routes is the whole surface of the product. A route without a permission
// does not start.
func (s *Server) routes() []route {
	return []route{
		// The citizen's side.
		{http.MethodGet, "/q", auth.Public, s.handleFormFind},
		{http.MethodGet, "/q/:code", auth.Public, s.handleFormShow},
		{http.MethodPost, "/q/:code", auth.Public, s.handleResponseCreate},
		{http.MethodGet, "/q/:code/xong", auth.Public, s.handleKioskThanks},
		{http.MethodGet, "/q/:code/xong/:receipt", auth.Public, s.handleReceiptShow},
		{http.MethodGet, "/q/:code/qr.png", auth.Public, s.handleQRPNG},
		{http.MethodGet, "/q/:code/qr.svg", auth.Public, s.handleQRSVG},
		{http.MethodGet, "/vao/:token", auth.Public, s.handleEntry},
		// The public.
		{http.MethodGet, "/", auth.Public, s.handleHome},
		{http.MethodGet, "/cong-khai", auth.Public, s.handlePublicBoard},
		// Signing in and out.
		{http.MethodGet, "/dang-nhap", auth.Public, s.handleLoginShow},
		{http.MethodPost, "/dang-nhap", auth.Public, s.handleLogin},
		{http.MethodPost, "/dang-xuat", auth.Public, s.handleLogout},
		// The agency's side.
		{http.MethodGet, "/bang", auth.ViewBoard, s.handleBoard},
		{http.MethodGet, "/bang/cong-bo", auth.Administer, s.handlePublishShow},
		{http.MethodPost, "/bang/cong-bo", auth.Administer, s.handleBoardPublish},
		{http.MethodGet, "/bang/thu-hoi", auth.Administer, s.handleWithdrawShow},
		{http.MethodPost, "/bang/thu-hoi", auth.Administer, s.handleBoardWithdraw},
		{http.MethodGet, "/quay", auth.ViewBoard, s.handlePoints},
		{http.MethodGet, "/quay/poster.pdf", auth.ViewBoard, s.handlePosters},
		// The API.
		{http.MethodGet, "/api/v1/openapi.json", auth.Public, s.handleOpenAPI},
		{http.MethodGet, "/api/v1/service-points", auth.ViewBoard, s.handleAPIPoints},
		{http.MethodGet, "/api/v1/service-points/:code/form", auth.Public, s.handleAPIForm},
		{http.MethodPost, "/api/v1/service-points/:code/responses", auth.Public, s.handleAPIResponseCreate},
		{http.MethodGet, "/api/v1/board", auth.ViewBoard, s.handleAPIBoard},
		{http.MethodGet, "/api/v1/published", auth.Public, s.handleAPIPublished},
		{http.MethodPost, "/api/v1/publications", auth.Administer, s.handleAPIPublish},
		{http.MethodDelete, "/api/v1/publications/:year/:period", auth.Administer, s.handleAPIWithdraw},
		// Running it.
		{http.MethodGet, "/healthz", auth.Public, s.handleHealth},
		{http.MethodGet, "/readyz", auth.Public, s.handleReady},
		{http.MethodGet, "/metrics", auth.Public, s.handleMetrics}, // asks for its own token
		{http.MethodGet, "/static/:name", auth.Public, s.handleAsset},
	}
}
