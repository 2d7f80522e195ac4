package service

import (
	"errors"
	"net/http"
	"os"
	"time"
)

// probe checks the readiness of a service on this machine: `<program> health 8001` is the health check
// of a container that contains only the program.
func probe(port string) error {
	client := http.Client{Timeout: 3 * time.Second}
	response, err := client.Get("http://127.0.0.1:" + port + "/health/ready")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New("the service is not ready")
	}
	return nil
}

// probedPort returns the port of `health <port>`; empty for a normal start.
func probedPort() string {
	if len(os.Args) == 3 && os.Args[1] == "health" {
		return os.Args[2]
	}
	return ""
}
