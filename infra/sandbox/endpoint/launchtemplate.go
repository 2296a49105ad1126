package endpoint

import (
	"net/http"
	"regexp"
)

// templateTags are the tags of a launch template itself, among those that it gives to what it launches.
var templateTags = regexp.MustCompile(
	`(?s)<item>\s*<resourceType>launch-template</resourceType>\s*<tagSet>.*?</tagSet>\s*</item>`)

// emptyTags is what is left without them.
var emptyTags = regexp.MustCompile(`<tagSpecificationSet>\s*</tagSpecificationSet>`)

// launchTemplates keeps a launch template's own tags out of its data, where moto shows them and AWS does not.
func launchTemplates(next http.RoundTripper) http.RoundTripper {
	return trip(func(r *http.Request) (*http.Response, error) {
		wanted, err := form(r)
		if err != nil {
			return nil, err
		}
		if wanted.Get("Action") != "DescribeLaunchTemplateVersions" {
			return next.RoundTrip(r)
		}
		response, answer, err := ask(next, r, wanted)
		if err != nil {
			return nil, err
		}
		setResponseBody(response, emptyTags.ReplaceAll(templateTags.ReplaceAll(answer, nil), nil))
		return response, nil
	})
}
