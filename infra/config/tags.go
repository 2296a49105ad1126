package config

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// StackTag is the key of the tag with the stack's name.
	StackTag = "Stack"
	// defaultTagsKey is the provider's setting. It reaches what the provider makes, and not what AWS makes later: the instances,
	// volumes and network interfaces of an Auto Scaling group.
	defaultTagsKey = "aws:defaultTags"
	// MostTags are AWS's 50 of a resource, less the stack's and the name.
	MostTags = 48
	// LongestTagKey is what every service takes; EC2 documents a character less than the others.
	LongestTagKey = 127
	// LongestTagValue is what every service takes.
	LongestTagValue = 255

	tagsAllowed = `tags such as {"tags": {"Project": "messages"}}, at most 48, each value a text: ` +
		"letters, digits, spaces and _.:/=+-@, keys of 1 to 127 and values of at most 255 characters, no key that begins with aws:, " +
		"and no two that differ in case alone, " +
		"which IAM takes for one"
)

// tagCharacters are what all services take in keys and values.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
var tagCharacters = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// ProviderTags reads the provider's default tags: {"tags": {KEY: VALUE}}.
func ProviderTags(text string) (map[string]string, error) {
	var settings struct{ Tags map[string]any }
	if text == "" {
		return map[string]string{}, nil
	}
	if err := json.Unmarshal([]byte(text), &settings); err != nil {
		return nil, errValue
	}
	all := map[string]string{}
	for key, value := range settings.Tags {
		switch value := value.(type) {
		case string:
			all[key] = value
		case bool, float64: // `pulumi config set --path` stores true and 1 as such
			number, err := json.Marshal(value)
			if err != nil {
				return nil, errValue
			}
			all[key] = string(number)
		default:
			return nil, errValue
		}
	}
	return all, checkTags(all)
}

// checkTags refuses tags that one of the services does not take. IAM's keys are the same in upper and lower case: with two such,
// it makes no role. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
func checkTags(tags map[string]string) error {
	seen := map[string]bool{}
	for key, value := range tags {
		folded := strings.ToLower(key)
		if key == "" || seen[folded] ||
			utf8.RuneCountInString(key) > LongestTagKey || utf8.RuneCountInString(value) > LongestTagValue ||
			!tagCharacters.MatchString(key) || !tagCharacters.MatchString(value) ||
			strings.HasPrefix(folded, "aws:") {
			return errValue
		}
		seen[folded] = true
	}
	if len(tags) > MostTags {
		return errValue
	}
	return nil
}

// namesStack reports whether the tags hold one for the stack, in upper or lower case. One that is empty is replaced.
func namesStack(tags map[string]string) bool {
	for key, value := range tags {
		if strings.EqualFold(key, StackTag) && (value != "" || key != StackTag) {
			return true
		}
	}
	return false
}

// stackTags are the tags of everything that is the stack's, also of what the provider does not tag: its default tags, and the
// stack's name, unless they hold another value for it.
func stackTags(ctx *pulumi.Context, r *reader) map[string]string {
	text, _ := ctx.GetConfig(defaultTagsKey)
	all, err := ProviderTags(text)
	if err != nil {
		r.refuse(defaultTagsKey, text, tagsAllowed)
		return nil
	}
	if !namesStack(all) {
		all[StackTag] = ctx.Stack()
	}
	return all
}

// TagWithStack gives the tag with the stack's name to every resource that takes tags, unless the default tags hold one. A
// stack's file is no place for it: copied for another stack, it names the wrong one.
func TagWithStack(ctx *pulumi.Context) error {
	text, _ := ctx.GetConfig(defaultTagsKey)
	if given, err := ProviderTags(text); err != nil || namesStack(given) {
		return err
	}
	return ctx.RegisterStackTransformation(func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		inputs := reflect.ValueOf(args.Props)
		if inputs.Kind() != reflect.Pointer || inputs.Elem().Kind() != reflect.Struct {
			return nil
		}
		field := inputs.Elem().FieldByName("Tags")
		if !field.IsValid() || field.Type() != reflect.TypeFor[pulumi.StringMapInput]() {
			return nil
		}
		tagged := pulumi.StringMap{StackTag: pulumi.String(ctx.Stack())}
		if own, ok := field.Interface().(pulumi.StringMap); ok {
			maps.Copy(tagged, own)
		} else if !field.IsNil() {
			return nil // known only later; no resource of the program has such
		}
		field.Set(reflect.ValueOf(tagged))
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
	})
}

// TagsWithName are tags with a name next to them.
func TagsWithName(tags map[string]string, name pulumi.StringInput) pulumi.StringMap {
	all := pulumi.ToStringMap(tags)
	all["Name"] = name
	return all
}

// GroupTags are tags of an Auto Scaling group, which gives them to the instances that it launches.
func GroupTags(tags pulumi.StringMap) (all autoscaling.GroupTagArray) {
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		all = append(all, autoscaling.GroupTagArgs{
			Key:               pulumi.String(key),
			Value:             tags[key],
			PropagateAtLaunch: pulumi.Bool(true),
		})
	}
	return all
}
