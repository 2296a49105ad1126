package session

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/infra/sandbox/supervisor"
)

// startAWS starts the endpoint and the data plane, each of which has to know the other's address.
func (s *Session) startAWS(ctx context.Context) error {
	socket := filepath.Join(s.state.Scratch, "tmp", "plane") // the folder's path is short, and it is this user's alone
	log, err := os.Create(filepath.Join(s.options.Folder, "endpoint.log"))
	if err != nil {
		return err
	}
	s.closers = append(s.closers, log.Close)
	running, cancel := context.WithCancel(ctx)
	aws, err := endpoint.Start(running, endpoint.Options{
		Listen:    "127.0.0.1:0",
		Moto:      s.state.Tools.Moto,
		Log:       log,
		Functions: "unix://" + socket,
		Databases: s.clusters,
	})
	if err != nil {
		cancel()
		return fmt.Errorf("endpoint: %w\n%s", err, supervisor.Tail(log.Name()))
	}
	s.closers = append(s.closers, func() error { cancel(); return aws.Wait() })
	go func() {
		if err := aws.Wait(); err != nil {
			s.fail(fmt.Errorf("the local AWS has ended: %w\n%s", err, supervisor.Tail(log.Name())))
		}
	}()
	folder := filepath.Join(s.options.Folder, "plane")
	if err := s.updateState(func(t *state.State) {
		t.Endpoint, t.Keys, t.Trace = aws.URL(), aws.Keys(), filepath.Join(folder, dataplane.TraceFile)
	}); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	how := supervisor.Options{
		Command: []string{self, s.options.DataPlane},
		Out:     s.Out,
		Started: func(pid int) error { return s.updateState(func(t *state.State) { t.PlanePID = pid }) },
		Failed:  s.fail,
	}
	plane, err := supervisor.Start(ctx, how, dataplane.Options{
		Endpoint:    aws.URL(),
		Region:      environment.Region,
		Keys:        aws.Keys(),
		Socket:      socket,
		Folder:      folder,
		CAFile:      s.clusters.Certificate.CAFile,
		Speed:       s.options.Speed,
		Concurrency: s.clusters.Concurrency,
	})
	if err != nil {
		return fmt.Errorf("data plane: %w", err)
	}
	s.closers = append(s.closers, plane.Stop)
	s.Say("AWS at %s", aws.URL())
	return nil
}
