package infratest

import (
	"testing"
)

// LaunchTemplate is the mode's one.
func (s *Mock) LaunchTemplate(t *testing.T) *Resource {
	t.Helper()
	templates := s.Of(t, "ec2/launchTemplate:LaunchTemplate")
	if len(templates) != 1 {
		t.Fatalf("%d launch templates", len(templates))
	}
	return templates[0]
}
