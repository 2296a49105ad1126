package endpoint

import (
	"encoding/json"
	"net/http"
)

const secretsManager = "secretsmanager."

// secrets corrects three things about a secret's versions. Who asks for no version gets the current one, where moto gives the
// newest, current or not, and never another after a rotation's last step. And a rotation that is only set up leaves no
// pending version behind. One that is asked for by itself, on a secret that rotates, is refused: nothing here invokes the
// function, and moto would make an empty version the current one.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
func secrets(next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		target := r.Header.Get("X-Amz-Target")
		if target != secretsManager+"GetSecretValue" && target != secretsManager+"RotateSecret" {
			return next.RoundTrip(r)
		}
		body, err := readAll(r.Body)
		if err != nil {
			return nil, err
		}
		setRequestBody(r, body)
		var input map[string]any
		if err := json.Unmarshal(body, &input); err != nil {
			return next.RoundTrip(r) // moto says what is wrong
		}
		if target == secretsManager+"RotateSecret" {
			return rotate(next, r, input)
		}
		if input["VersionId"] == nil && input["VersionStage"] == nil {
			input["VersionStage"] = "AWSCURRENT"
			if body, err = json.Marshal(input); err != nil {
				return nil, err
			}
			setRequestBody(r, body)
		}
		return next.RoundTrip(r)
	})
}

func rotate(next http.RoundTripper, r *http.Request, input map[string]any) (*http.Response, error) {
	if input["RotationLambdaARN"] == nil {
		refused := &http.Response{StatusCode: http.StatusBadRequest, Request: r,
			Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}}
		setResponseBody(refused, []byte(
			`{"__type":"InvalidRequestException","message":"this local AWS sets rotations up and does not run them"}`))
		return refused, nil
	}
	rotated, err := next.RoundTrip(r)
	immediately, given := input["RotateImmediately"].(bool)
	version, named := input["ClientRequestToken"].(string) // SDKs send one
	if err != nil || rotated.StatusCode >= 300 || !given || immediately || !named {
		return rotated, err
	}
	body, err := json.Marshal(map[string]any{
		"SecretId": input["SecretId"], "VersionStage": "AWSPENDING", "RemoveFromVersionId": version})
	if err != nil {
		return nil, err
	}
	remove := r.Clone(r.Context())
	remove.Header.Set("X-Amz-Target", secretsManager+"UpdateSecretVersionStage")
	setRequestBody(remove, body)
	removed, err := next.RoundTrip(remove)
	if err != nil || removed.StatusCode >= 300 {
		return removed, err
	}
	removed.Body.Close()
	return rotated, nil
}
