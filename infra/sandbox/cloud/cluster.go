package cloud

import "context"

// Cluster is a database cluster.
type Cluster struct {
	ResourceID     string `xml:"DbClusterResourceId"` // never used again
	DatabaseName   string
	MasterUsername string
}

// Clusters lists all clusters.
func (c *Client) Clusters(ctx context.Context) ([]Cluster, error) {
	var found struct {
		Clusters []Cluster `xml:"DescribeDBClustersResult>DBClusters>DBCluster"`
	}
	err := c.query(ctx, "rds", "2014-10-31", "DescribeDBClusters", nil, &found)
	return found.Clusters, err
}
