package dataplane

import (
	"context"
	"errors"
	"fmt"

	"scheduled-messages/infra/sandbox/cloud"
)

// refused is what AWS would not do, with its error. Everything else that goes wrong is the sandbox's own, and worth another
// try.
type refused struct{ code, message string }

func (r *refused) Error() string { return r.code + ": " + r.message }

// asRefused is the refusal in an error, nil if there is none.
func asRefused(err error) *refused {
	r, _ := errors.AsType[*refused](err)
	return r
}

// permit refuses what a role may not do.
func (p *plane) permit(ctx context.Context, roleARN, action, resource string) error {
	role, err := p.role(ctx, roleARN)
	if err != nil {
		return err
	}
	if !role.Allows(action, resource, nil) {
		return &refused{"AccessDeniedException", fmt.Sprintf("%s may not %s on %s", roleARN, action, resource)}
	}
	return nil
}

// assume refuses a service a role that does not trust it.
func (p *plane) assume(ctx context.Context, roleARN, service string, conditions map[string]string) error {
	role, err := p.role(ctx, roleARN)
	if err != nil {
		return err
	}
	if !role.TrustedBy(service, conditions) {
		return &refused{"AccessDeniedException", fmt.Sprintf("%s does not trust %s", roleARN, service)}
	}
	return nil
}

func (p *plane) role(ctx context.Context, arn string) (cloud.Role, error) {
	role, err := p.roles.get(ctx, arn)
	if cloud.NotFound(err) {
		return role, &refused{"AccessDeniedException", fmt.Sprintf("there is no role %s", arn)}
	}
	return role, err
}
