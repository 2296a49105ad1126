package foundation

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Statement is one statement of a policy.
type Statement struct {
	Deny       bool
	Principal  pulumi.Input         // of a trust or resource policy only
	Actions    []string             // exact, or with * in a statement that denies
	Resources  []pulumi.StringInput // none in a trust policy
	Conditions []Condition
}

// Condition is one condition of a statement; all of them must hold.
type Condition struct {
	Operator, Key string
	Value         pulumi.StringInput
}

// StringEquals holds if the key has the value.
func StringEquals(key string, value pulumi.StringInput) Condition {
	return Condition{"StringEquals", key, value}
}

// StringNotEquals holds if the key has another value.
func StringNotEquals(key string, value pulumi.StringInput) Condition {
	return Condition{"StringNotEquals", key, value}
}

// ArnEquals holds if the key is the ARN.
func ArnEquals(key string, value pulumi.StringInput) Condition {
	return Condition{"ArnEquals", key, value}
}

// ArnLike holds if the key is an ARN of the pattern.
func ArnLike(key string, value pulumi.StringInput) Condition { return Condition{"ArnLike", key, value} }

// Bool holds if the key is the value, true or false.
func Bool(key string, value pulumi.StringInput) Condition { return Condition{"Bool", key, value} }

// AnyResource is the resource of actions for which AWS knows no other.
var AnyResource = []pulumi.StringInput{pulumi.String("*")}

// Service is the principal of an AWS service, such as lambda.amazonaws.com.
func Service(name string) pulumi.Map { return pulumi.Map{"Service": pulumi.String(name)} }

// Policy is the JSON document of the statements.
func Policy(statements ...Statement) pulumi.StringOutput {
	var list pulumi.Array
	for _, s := range statements {
		entry := pulumi.Map{"Effect": pulumi.String("Allow"), "Action": pulumi.ToStringArray(s.Actions)}
		if s.Deny {
			entry["Effect"] = pulumi.String("Deny")
		}
		if s.Principal != nil {
			entry["Principal"] = s.Principal
		}
		if s.Resources != nil {
			entry["Resource"] = pulumi.StringArray(s.Resources)
		}
		conditions := pulumi.MapMap{}
		for _, c := range s.Conditions {
			operator, _ := conditions[c.Operator].(pulumi.Map)
			if operator == nil {
				operator = pulumi.Map{}
				conditions[c.Operator] = operator
			}
			operator[c.Key] = c.Value
		}
		if len(conditions) > 0 {
			entry["Condition"] = conditions
		}
		list = append(list, entry)
	}
	return pulumi.JSONMarshal(pulumi.Map{"Version": pulumi.String("2012-10-17"), "Statement": list})
}

// Role is a role together with its one inline policy.
type Role struct {
	ARN, Name pulumi.StringOutput
	// Policy is what the users of the role depend on: it is there before them and outlives them.
	Policy pulumi.Resource
}

// NewRole makes the role NAME and its policy NAME-policy.
func NewRole(
	ctx *pulumi.Context,
	name string,
	trust Statement,
	allowed []Statement,
	opts ...pulumi.ResourceOption,
) (*Role, error) {
	trust.Actions = []string{"sts:AssumeRole"}
	r, err := iam.NewRole(ctx, name, &iam.RoleArgs{AssumeRolePolicy: Policy(trust)}, opts...)
	if err != nil {
		return nil, err
	}
	p, err := iam.NewRolePolicy(ctx, name+"-policy", &iam.RolePolicyArgs{Role: r.Name, Policy: Policy(allowed...)}, opts...)
	if err != nil {
		return nil, err
	}
	return &Role{ARN: r.Arn, Name: r.Name, Policy: p}, nil
}
