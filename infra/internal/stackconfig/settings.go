package stackconfig

import (
	"fmt"
	"slices"
	"strings"
)

// Settings are a stack's configuration as text. Values that are secrets are not in it.
type Settings struct {
	Own    map[string]string // the program's keys, without the namespace
	Region string            // aws:region; may be empty
	hidden []string          // the program's keys whose values are secrets
}

func newSettings() *Settings { return &Settings{Own: map[string]string{}} }

func (s *Settings) set(key, value string) {
	if own, ours := strings.CutPrefix(key, project); ours {
		s.Own[own] = value
	} else if key == "aws:region" {
		s.Region = value
	}
}

func (s *Settings) hide(key string) {
	if own, ours := strings.CutPrefix(key, project); ours {
		s.hidden = append(s.hidden, own)
	}
}

// refuseHidden is an error where a value is hidden that says what the stack makes. Pulumi itself takes keys with such names for
// secrets.
func (s *Settings) refuseHidden() error {
	for _, key := range []string{"adminSecretArn", "secretsManagerEndpoint"} {
		if slices.Contains(s.hidden, key) {
			return fmt.Errorf("%s is a secret, which is not read: must be plain text: pulumi config set --plaintext %s VALUE", key, key)
		}
	}
	return nil
}

// Given is the value of one of the program's keys, and empty where it is none.
func (s *Settings) Given(key string) string {
	if value := s.Own[key]; value != "none" && value != "[]" {
		return value
	}
	return ""
}

// In are the settings as they would be in another Region: what names the stack's own is replaced, by as much of the other one.
func (s *Settings) In(region string) map[string]string {
	own := map[string]string{}
	for key, value := range s.Own {
		own[key] = value
	}
	delete(own, "zones")
	if zones := s.Given("zones"); zones != "" {
		var names []string
		for i := range strings.Count(zones, ",") + 1 {
			names = append(names, region+string(rune('a'+i)))
		}
		own["zones"] = strings.Join(names, ",")
	}
	for _, key := range []string{"adminSecretArn", "kmsKeyArn"} {
		if arn := s.Given(key); arn != "" && s.Region != "" {
			own[key] = strings.Replace(arn, ":"+s.Region+":", ":"+region+":", 1)
		}
	}
	const layer = "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension"
	own["secretsExtensionLayerArn"] = layer + "-Arm64:23"
	if own["lambdaArchitecture"] == "x86_64" {
		own["secretsExtensionLayerArn"] = layer + ":23"
	}
	return own
}
