package textforms

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Form is what AWS takes as a text.
type Form struct {
	Pattern string                  // of the whole text; empty: any printable characters
	most    int                     // characters, as AWS counts them; 0: the pattern or the check says it, or AWS documents none
	check   func(text string) error // what a pattern cannot say; nil: nothing
}

// texts are what a resource type sends to AWS as strings.
type texts struct {
	Page  string          // where AWS says so, unless a line of its own does
	Named string          // the property that Pulumi fills with the resource's name and eight more characters
	Forms map[string]Form // by property path; [*] is any element, * any key
}

// printable is the form of a text for which AWS documents a length only.
var printable = regexp.MustCompile(`^[\t\n\r\x{20}-\x{7E}\x{A0}-\x{10FFFF}]*$`)

// Reference are the properties that hold an identifier of AWS's: an id, an ARN. It is AWS that writes them.
var Reference = regexp.MustCompile(`(^|\.)([a-zA-Z]*[a-z])?([iI]ds?|[aA]rns?)(\[\*\])?$`)

// WalkStrings walks through all strings of a value, by path.
func WalkStrings(path string, value resource.PropertyValue, visit func(path, text string)) {
	for value.IsSecret() || value.IsOutput() {
		if value.IsSecret() {
			value = value.SecretValue().Element
		} else {
			value = value.OutputValue().Element
		}
	}
	switch {
	case value.IsString():
		visit(path, value.StringValue())
	case value.IsArray():
		for _, element := range value.ArrayValue() {
			WalkStrings(path+"[*]", element, visit)
		}
	case value.IsObject():
		for key, element := range value.ObjectValue() {
			WalkStrings(path+"."+string(key), element, visit)
		}
	}
}

// LookUpForm finds the form of a path, where the last key of a map of ours may be any.
func (t texts) LookUpForm(path string) (Form, bool) {
	if known, ok := t.Forms[path]; ok {
		return known, true
	}
	if _, key, tagged := strings.Cut(path, "tags."); tagged { // of any resource that has some
		return Form{check: func(value string) error { return errors.Join(TagKey.Judge(key), TagValue.Judge(value)) }}, true
	}
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 {
		known, ok := t.Forms[path[:dot]+".*"]
		return known, ok
	}
	return Form{}, false
}

// Judge reports what is wrong with a text.
func (f Form) Judge(text string) error {
	if f.Pattern == "" && !printable.MatchString(text) {
		return fmt.Errorf("%q has characters that cannot be printed", text)
	}
	if f.Pattern != "" && !regexp.MustCompile(`^(?:`+f.Pattern+`)$`).MatchString(text) {
		return fmt.Errorf("%q is not of the form %s", text, f.Pattern)
	}
	if n := utf8.RuneCountInString(text); f.most > 0 && n > f.most {
		return fmt.Errorf("%q has %d characters of at most %d", text, n, f.most)
	}
	if f.check != nil {
		return f.check(text)
	}
	return nil
}

func isJSON(text string) error {
	if !json.Valid([]byte(text)) {
		return fmt.Errorf("%q is not JSON", text)
	}
	return nil
}

// isUserData reports whether EC2 takes it. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
func isUserData(text string) error {
	script, err := base64.StdEncoding.DecodeString(text)
	if err == nil && len(script) > 16384 {
		err = fmt.Errorf("%d bytes of at most 16384", len(script))
	}
	return err
}
