package httpd

import (
	"net/http"

	"sipas/internal/access"

	"github.com/gin-gonic/gin"
)

// route is one path, who may ask for it, and what answers.
type route struct {
	method, path string
	permission   access.Permission
	handle       func(*gin.Context) error
}

// routes is the whole surface of the product. A route without a permission
// does not start.
func (s *Server) routes() []route {
	return []route{
		// The citizen's side.
		{http.MethodGet, "/q", access.Public, s.handleFormFind},
		{http.MethodGet, "/q/:code", access.Public, s.handleFormShow},
		{http.MethodPost, "/q/:code", access.Public, s.handleResponseCreate},
		{http.MethodGet, "/q/:code/xong", access.Public, s.handleKioskThanks},
		{http.MethodGet, "/q/:code/xong/:receipt", access.Public, s.handleReceiptShow},
		{http.MethodGet, "/q/:code/qr.png", access.Public, s.handleQRPNG},
		{http.MethodGet, "/q/:code/qr.svg", access.Public, s.handleQRSVG},
		{http.MethodGet, "/vao/:token", access.Public, s.handleEntry},
		// The public.
		{http.MethodGet, "/", access.Public, s.handleHome},
		{http.MethodGet, "/cong-khai", access.Public, s.handlePublicBoard},
		// Signing in and out.
		{http.MethodGet, "/dang-nhap", access.Public, s.handleLoginShow},
		{http.MethodPost, "/dang-nhap", access.Public, s.handleLogin},
		{http.MethodPost, "/dang-xuat", access.Public, s.handleLogout},
		// The agency's side.
		{http.MethodGet, "/bang", access.ViewBoard, s.handleBoard},
		{http.MethodGet, "/bang/cong-bo", access.Administer, s.handlePublishShow},
		{http.MethodPost, "/bang/cong-bo", access.Administer, s.handleBoardPublish},
		{http.MethodGet, "/bang/thu-hoi", access.Administer, s.handleWithdrawShow},
		{http.MethodPost, "/bang/thu-hoi", access.Administer, s.handleBoardWithdraw},
		{http.MethodGet, "/quay", access.ViewBoard, s.handlePoints},
		{http.MethodGet, "/quay/poster.pdf", access.ViewBoard, s.handlePosters},
		// The API.
		{http.MethodGet, "/api/v1/openapi.json", access.Public, s.handleOpenAPI},
		{http.MethodGet, "/api/v1/service-points", access.ViewBoard, s.handleAPIPoints},
		{http.MethodGet, "/api/v1/service-points/:code/form", access.Public, s.handleAPIForm},
		{http.MethodPost, "/api/v1/service-points/:code/responses", access.Public, s.handleAPIResponseCreate},
		{http.MethodGet, "/api/v1/board", access.ViewBoard, s.handleAPIBoard},
		{http.MethodGet, "/api/v1/published", access.Public, s.handleAPIPublished},
		{http.MethodPost, "/api/v1/publications", access.Administer, s.handleAPIPublish},
		{http.MethodDelete, "/api/v1/publications/:year/:period", access.Administer, s.handleAPIWithdraw},
		// Running it.
		{http.MethodGet, "/healthz", access.Public, s.handleHealth},
		{http.MethodGet, "/readyz", access.Public, s.handleReady},
		{http.MethodGet, "/metrics", access.Public, s.handleMetrics}, // asks for its own token
		{http.MethodGet, "/static/:name", access.Public, s.handleAsset},
	}
}
