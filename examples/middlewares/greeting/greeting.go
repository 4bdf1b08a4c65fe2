// Package greeting answers with a greeting in a header.
package greeting

import (
	"context"
	"errors"
	"net/http"
)

// Config is what the middleware is told.
type Config struct {
	Text string `json:"text"`
}

// CreateConfig has what holds where nothing is said.
func CreateConfig() *Config {
	return &Config{Text: "hello"}
}

// New makes the middleware.
func New(_ context.Context, next http.Handler, config *Config, _ string) (http.Handler, error) {
	if config.Text == "" {
		return nil, errors.New("text must not be empty")
	}
	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		response.Header().Set("X-Greeting", config.Text)
		next.ServeHTTP(response, request)
	}), nil
}
