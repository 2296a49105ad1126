package endpoint

import (
	"encoding/json"
	"net/http"
)

// layerNames are AWS's public parameters for the Parameters and Secrets Lambda extension, and the names of its layers.
// moto has no such parameters, and lets nobody put one below /aws.
var layerNames = map[string]string{
	"/aws/service/aws-parameters-and-secrets-lambda-extension/arm64/latest": "AWS-Parameters-and-Secrets-Lambda-Extension-Arm64",
	"/aws/service/aws-parameters-and-secrets-lambda-extension/x86/latest":   "AWS-Parameters-and-Secrets-Lambda-Extension",
}

// extensionLayers answers for them, in every region with us-east-1's account; AWS has one account a region. Nothing
// is behind the layers.
func extensionLayers(next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameter" {
			return next.RoundTrip(r)
		}
		body, err := readAll(r.Body)
		if err != nil {
			return nil, err
		}
		setRequestBody(r, body)
		var input struct{ Name string }
		if err := json.Unmarshal(body, &input); err != nil || layerNames[input.Name] == "" {
			return next.RoundTrip(r)
		}
		region, _ := scope(r)
		body, err = json.Marshal(map[string]any{"Parameter": map[string]any{
			"ARN":              "arn:aws:ssm:" + region + "::parameter" + input.Name,
			"DataType":         "text",
			"LastModifiedDate": 1767225600, // 2026-01-01, so that every answer is the same
			"Name":             input.Name,
			"Type":             "String",
			"Value":            "arn:aws:lambda:" + region + ":177933569100:layer:" + layerNames[input.Name] + ":99",
			"Version":          99,
		}})
		header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}}
		response := &http.Response{StatusCode: http.StatusOK, Header: header, Request: r}
		setResponseBody(response, body)
		return response, err
	})
}
