package lambdaruntime

import (
	"slices"
)

// secretsInput is the input of all operations.
type secretsInput struct {
	SecretID            string `json:"SecretId"`
	VersionID           string `json:"VersionId"`
	VersionStage        string
	VersionStages       []string
	ClientRequestToken  string
	RotationToken       string
	SecretString        string
	MoveToVersionID     string `json:"MoveToVersionId"`
	RemoveFromVersionID string `json:"RemoveFromVersionId"`
}

// exception is the name of an error of AWS's.
type exception string

func (e exception) Error() string { return string(e) }

const (
	notFound  = exception("ResourceNotFoundException")
	exists    = exception("ResourceExistsException")
	parameter = exception("InvalidParameterException")
)

// answer carries an operation out.
func (s *SecretsManager) answer(operation string, in secretsInput) (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secrets[in.SecretID] == nil {
		return nil, notFound
	}
	switch operation {
	case "DescribeSecret":
		labels := map[string][]string{}
		for id, v := range s.secrets[in.SecretID] {
			if len(v.labels) > 0 {
				labels[id] = v.labels
			}
		}
		return map[string]any{"ARN": in.SecretID, "RotationEnabled": !s.Off, "VersionIdsToStages": labels}, nil
	case "GetSecretValue":
		return s.get(in)
	case "PutSecretValue":
		return s.put(in)
	case "UpdateSecretVersionStage":
		return s.move(in)
	}
	return nil, parameter
}

func (s *SecretsManager) get(in secretsInput) (map[string]any, error) {
	id := in.VersionID
	if id == "" {
		id = s.labelled(in.SecretID, in.VersionStage)
	}
	v := s.secrets[in.SecretID][id]
	if v == nil || v.value == "" || in.VersionStage != "" && !slices.Contains(v.labels, in.VersionStage) {
		return nil, notFound
	}
	return map[string]any{"ARN": in.SecretID, "VersionId": id, "SecretString": v.value, "VersionStages": v.labels}, nil
}

func (s *SecretsManager) put(in secretsInput) (map[string]any, error) {
	v := s.secrets[in.SecretID][in.ClientRequestToken]
	switch {
	case in.RotationToken != "of-the-rotation" || len(in.VersionStages) == 0:
		return nil, parameter
	case v != nil && v.value != "" && v.value != in.SecretString:
		return nil, exists // a version's value never changes
	}
	for _, label := range in.VersionStages {
		s.label(in.SecretID, in.ClientRequestToken, label)
	}
	s.secrets[in.SecretID][in.ClientRequestToken].value = in.SecretString
	return map[string]any{"ARN": in.SecretID, "VersionId": in.ClientRequestToken}, nil
}

// move moves a label; the current one leaves "previous" behind.
func (s *SecretsManager) move(in secretsInput) (map[string]any, error) {
	from := s.labelled(in.SecretID, in.VersionStage)
	if from != in.RemoveFromVersionID || s.secrets[in.SecretID][in.MoveToVersionID] == nil {
		return nil, parameter
	}
	s.label(in.SecretID, in.MoveToVersionID, in.VersionStage)
	if in.VersionStage == "AWSCURRENT" {
		s.label(in.SecretID, from, "AWSPREVIOUS")
		s.notify(in.SecretID, s.secrets[in.SecretID][in.MoveToVersionID].value)
	}
	return map[string]any{"ARN": in.SecretID}, nil
}
