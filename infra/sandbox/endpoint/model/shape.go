package model

import "sync"

// The types of shapes.
const (
	Structure  = "structure"
	List       = "list"
	Map        = "map"
	String     = "string"
	Blob       = "blob"
	Boolean    = "boolean"
	Integer    = "integer"
	Long       = "long"
	Float      = "float"
	Double     = "double"
	BigDecimal = "bigdecimal"
	Timestamp  = "timestamp"
)

// Shape is a type of values with its constraints.
type Shape struct {
	Name string `json:"-"`
	Type string

	Members  map[string]*Member // of a structure
	Required []string
	Payload  string // the member that is the body, in the REST protocols
	Document bool   // any JSON

	Member     *Member // of a list
	Key, Value *Member // of a map
	Flattened  bool

	Enum     []string
	Pattern  string
	Min, Max *float64 // a length in characters or bytes, a number of elements, or a value

	Sensitive bool

	service  *Service
	once     sync.Once // compiles the pattern
	compiled *expression
}

// Member is a use of a shape.
type Member struct {
	Reference string `json:"shape"`
	Shape     *Shape `json:"-"`

	Location     string // header, headers, querystring, uri, or in the body
	LocationName string
	QueryName    string // EC2's
	Flattened    bool
}

// An integer has 32 bits, a long 64.
const maxInteger, minInteger = 1<<31 - 1, -1 << 31
