package contract

// Names of the stack's outputs, for those who read them: backends, operators, the commands of this repository. An output is never
// renamed. What each of them is stands in the program's table of outputs.
const (
	OutputScheduleGroupName   = "scheduleGroupName"
	OutputScheduleKeyARN      = "scheduleKeyArn"
	OutputSchedulerRoleARN    = "schedulerRoleArn"
	OutputSchedulePolicyARN   = "schedulePolicyArn"
	OutputSenderARN           = "senderArn"
	OutputStatusName          = "statusName"
	OutputStatusPolicyARN     = "statusPolicyArn"
	OutputUpdaterName         = "updaterName"
	OutputUndeliveredQueueURL = "undeliveredQueueUrl"
	OutputUndeliveredQueueARN = "undeliveredQueueArn"
	OutputUnwrittenQueueURL   = "unwrittenQueueUrl"
	OutputTopicARN            = "topicArn"
	OutputWebhookSecretARN    = "webhookSecretArn"
	OutputProxyEndpoint       = "proxyEndpoint"
	OutputClusterEndpoint     = "clusterEndpoint"
	OutputDatabaseName        = "databaseName"
	OutputAppSecretARN        = "appSecretArn"
	OutputReaderSecretARN     = "readerSecretArn"
	OutputAdminSecretARN      = "adminSecretArn"
	OutputAlarmTopicARN       = "alarmTopicArn"
	OutputDashboardURL        = "dashboardUrl"
	OutputTryIt               = "tryIt"
	OutputExternalEndpoint    = "externalEndpoint"
	OutputExternalCommand     = "externalCommand"
)
