package rules

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	pageTags = "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html"

	mostTags           = 50
	longestKey         = 128
	longestValue       = 256
	reservedPrefix     = "aws:"
	tooManyTagsMessage = "Tags: a resource has at most 50"
)

// tagCharacters are what all services take in keys and values. EC2 and Auto Scaling take more.
var tagCharacters = regexp.MustCompile(`\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z`)

// tagged are the services whose requests may hold tags.
var tagged = []string{"ec2", "rds", "iam", "sqs", "sns", "kms", "lambda", "scheduler", "secretsmanager", "cloudwatch", "logs",
	"elb", "elbv2", "autoscaling", "ssm"}

// tagRules are the same for all services.
func tagRules() (all []Rule) {
	for _, service := range tagged {
		anything := service == "ec2" || service == "autoscaling"
		check := func(value any) string { return tags(value, anything) }
		if service == "iam" {
			check = func(value any) string { return cmp.Or(sameInAnyCase(value), tags(value, anything)) }
		}
		for _, member := range []string{"Tags", "tags", "TagSpecifications.*.Tags"} {
			all = append(all, Rule{service, "*", member, check, "", pageTags})
		}
	}
	return all
}

// tags looks at the tags of one resource, a list of keys and values or a map.
func tags(value any, anything bool) string {
	pairs, seen := map[string]string{}, map[string]bool{}
	count := 0
	switch v := value.(type) {
	case map[string]any:
		for key, text := range v {
			pairs[key], _ = text.(string)
			count++
		}
	case []any:
		for _, element := range v {
			tag, _ := element.(map[string]any)
			key, named := tag["Key"].(string)
			if !named { // KMS
				key, named = tag["TagKey"].(string)
			}
			if !named {
				continue
			}
			resource, _ := tag["ResourceId"].(string) // Auto Scaling tags several at once
			if seen[resource+"/"+key] {
				return fmt.Sprintf("Duplicate tag key %q", key)
			}
			seen[resource+"/"+key] = true
			pairs[key], _ = cmp.Or(tag["Value"], tag["TagValue"]).(string)
			count++
		}
	}
	if count > mostTags {
		return tooManyTagsMessage
	}
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		if problem := tag(key, pairs[key], anything); problem != "" {
			return problem
		}
	}
	return ""
}

// sameInAnyCase finds keys that differ in case alone, which IAM takes for one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
func sameInAnyCase(value any) string {
	list, _ := value.([]any)
	seen := map[string]bool{}
	for _, element := range list {
		tag, _ := element.(map[string]any)
		key, _ := tag["Key"].(string)
		if key = strings.ToLower(key); seen[key] {
			return "Duplicate tag keys found. Please note that Tag keys are case insensitive."
		}
		seen[key] = true
	}
	return ""
}

func tag(key, value string, anything bool) string {
	switch {
	case strings.HasPrefix(strings.ToLower(key), reservedPrefix):
		return fmt.Sprintf("Tag keys starting with 'aws:' are reserved for internal use, not %q", key)
	case key == "" || utf8.RuneCountInString(key) > longestKey:
		return fmt.Sprintf("Tag key %q must have 1 to %d characters", key, longestKey)
	case utf8.RuneCountInString(value) > longestValue:
		return fmt.Sprintf("The value of tag %q must have at most %d characters", key, longestValue)
	case !anything && (!tagCharacters.MatchString(key) || !tagCharacters.MatchString(value)):
		return fmt.Sprintf("Tag %q: %q: keys and values may hold letters, numbers, spaces and _ . : / = + - @", key, value)
	}
	return ""
}
