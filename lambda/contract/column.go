package contract

// The widths of the text columns of the table messages, in characters. What is longer is refused (a message) or truncated (a
// result).
const (
	MaxIDLength         = 64 // bytes too: an id is ASCII
	MaxChannelLength    = 32
	MaxToLength         = 2048 // bytes in a message; a webhook's URL is the longest recipient
	MaxSubjectLength    = 100  // what SNS takes (API_Publish, Subject)
	MaxProviderIDLength = 255  // bytes in a result
	MaxReasonLength     = 1024 // bytes in a result and in a function's error
)

// ColumnWidths are the widths by column. A test compares them with what the migrations make.
func ColumnWidths() map[string]int {
	return map[string]int{
		"id":          MaxIDLength,
		"channel":     MaxChannelLength,
		"recipient":   MaxToLength,
		"subject":     MaxSubjectLength,
		"provider_id": MaxProviderIDLength,
		"last_error":  MaxReasonLength,
	}
}
