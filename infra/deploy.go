package infra

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/delivery"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/internal/build"
	"scheduled-messages/infra/monitoring"
	"scheduled-messages/infra/network"
)

// Deploy is the entire program: the path of a message from the schedule to its row.
func Deploy(ctx *pulumi.Context) error { return DeployWith(ctx, build.Functions) }

// builder builds the functions of the module in a folder for an architecture, by name.
type builder func(module, architecture string) (map[string]build.Bundle, error)

// DeployWith deploys what a builder builds: a test that runs it a hundred times builds the functions once.
func DeployWith(ctx *pulumi.Context, build builder) error {
	cfg, bundles, err := prepare(ctx, build)
	if err != nil {
		return err
	}
	s := &stack{ctx: ctx}
	base := piece(s, "foundation", foundation.New, foundation.Args{Config: cfg, Bundles: bundles})

	// Where everything is, and who may talk to whom.
	vpc := piece(s, "network", network.New, network.Args{Foundation: base})
	public := piece(s, "public", network.NewPublic, network.PublicArgs{Foundation: base, Network: vpc})
	security := piece(s, "security", network.NewSecurity, network.SecurityArgs{Foundation: base, Network: vpc, Public: public})

	// The database, its users and their passwords, and the pool before it.
	db := piece(s, "database", database.New, database.Args{Foundation: base, Network: vpc, Security: security})
	rotator := piece(s, "rotation", database.NewRotator, database.RotatorArgs{
		Foundation: base, Network: vpc, Security: security, Database: db})
	endpoint := piece(s, "endpoint", network.NewEndpoint, network.EndpointArgs{
		Foundation: base, Network: vpc, Security: security, SecretARNs: db.SecretARNs(),
		Rotated: db.RotatedARNs(), WriterARN: rotator.RoleARN})
	migration := piece(s, "migration", database.NewMigration, database.MigrationArgs{
		Foundation: base, Network: vpc, Security: security, Endpoint: endpoint, Database: db})
	piece(s, "rotation", database.NewRotation, database.RotationArgs{
		Foundation: base, Database: db, Rotator: rotator, Migration: migration})
	proxy := piece(s, "proxy", database.NewProxy, database.ProxyArgs{
		Foundation: base, Network: vpc, Security: security, Database: db, Migration: migration})

	// From a result to its row, the question what became of a message, and from a schedule to the sender.
	pipeline := piece(s, "pipeline", delivery.NewPipeline, delivery.PipelineArgs{
		Foundation: base, Network: vpc, Security: security, Database: db, Proxy: proxy})
	status := piece(s, "status-access", delivery.NewStatus, delivery.StatusArgs{
		Foundation: base, Network: vpc, Security: security, Database: db, Proxy: proxy})
	schedule := piece(s, "schedule", delivery.NewSchedule, delivery.ScheduleArgs{
		Foundation: base, Pipeline: pipeline, Status: status, Rotator: rotator, Migration: migration})
	outbox := piece(s, "outbox", delivery.NewOutbox, delivery.OutboxArgs{
		Foundation: base, Network: vpc, Security: security, Database: db, Proxy: proxy, Migration: migration, Pipeline: pipeline,
		Schedule: schedule})

	// Clients outside the VPC, if asked for, and whoever is on call.
	external := piece(s, "external", external.New, external.Args{
		Foundation: base, Network: vpc, Public: public, Security: security, Database: db})
	monitoring := piece(s, "monitoring", monitoring.New, monitoring.Args{
		Foundation: base, Database: db, Proxy: proxy, Pipeline: pipeline, Schedule: schedule, Outbox: outbox, External: external})
	if s.err != nil {
		return s.err
	}
	export(ctx, &pieces{base, db, proxy, pipeline, status, schedule, external, monitoring})
	return nil
}

// stack is built piece by piece; after the first error nothing more is.
type stack struct {
	ctx *pulumi.Context
	err error
}

// piece builds one piece of the stack. After an error it is an empty one, which nobody reads.
func piece[T, Args any](
	s *stack, name string, construct func(*pulumi.Context, string, *Args, ...pulumi.ResourceOption) (*T, error), args Args,
) *T {
	if s.err != nil {
		return new(T)
	}
	made, err := construct(s.ctx, name, &args)
	if err != nil {
		s.err = fmt.Errorf("%s: %w", name, err)
		return new(T)
	}
	return made
}
