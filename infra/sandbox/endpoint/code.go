package endpoint

import (
	"encoding/json"
	"net/http"
	"time"

	"scheduled-messages/infra/sandbox/sigv4"
)

// codePath is where uploaded code can be had again, by region and function.
const codePath = "/sandbox/code/"

// codeValid is how long the address of code is good for.
// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html
const codeValid = 10 * time.Minute

// code keeps the zip that a function was made or changed with, which moto does not give back, and has GetFunction answer
// with an address on this endpoint for it.
func code(f *functions, next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		region, _ := scope(r)
		name, rest, ok := operation(r)
		switch {
		case ok && r.Method == http.MethodPost && name == "", ok && r.Method == http.MethodPut && rest == "code":
			return keepCode(f, next, r, region, name)
		case ok && r.Method == http.MethodGet && name != "" && rest == "":
			return locateCode(f, next, r, region, name)
		}
		return next.RoundTrip(r)
	})
}

func keepCode(f *functions, next http.RoundTripper, r *http.Request, region, name string) (*http.Response, error) {
	body, err := readAll(r.Body)
	if err != nil {
		return nil, err
	}
	var input struct {
		FunctionName string
		ZipFile      []byte // of an update
		Code         struct{ ZipFile []byte }
		DryRun       bool
	}
	if err := json.Unmarshal(body, &input); err != nil {
		return nil, err
	}
	setRequestBody(r, body)
	response, err := next.RoundTrip(r)
	if err != nil || response.StatusCode >= 300 || input.DryRun {
		return response, err
	}
	if name == "" {
		name, input.ZipFile = functionName(input.FunctionName), input.Code.ZipFile
	}
	f.change(region, name, func(kept *function) { kept.zip = input.ZipFile })
	return response, nil
}

func locateCode(f *functions, next http.RoundTripper, r *http.Request, region, name string) (*http.Response, error) {
	response, err := next.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	body, err := readAll(response.Body)
	if err != nil {
		return nil, err
	}
	var output map[string]any
	if err := json.Unmarshal(body, &output); err != nil {
		return nil, err
	}
	address, scope := "http://"+r.Host+codePath+region+"/"+name, sigv4.Scope{Region: region, Service: "lambda"}
	location, err := f.keys.Presign(r.Context(), address, scope, codeValid)
	if err != nil {
		return nil, err
	}
	f.change(region, name, func(kept *function) {
		if kept.zip != nil {
			output["Code"] = map[string]any{"RepositoryType": "S3", "Location": location}
		}
	})
	body, err = json.Marshal(output)
	setResponseBody(response, body)
	return response, err
}

// serveCode gives a function's zip back.
func (f *functions) serveCode(w http.ResponseWriter, r *http.Request) {
	var zip []byte
	f.change(r.PathValue("region"), r.PathValue("name"), func(kept *function) { zip = kept.zip })
	if zip == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	_, _ = w.Write(zip) // a client that went away
}
