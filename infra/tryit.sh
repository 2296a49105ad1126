id=hello-$(date +%%s)
at=$(date -u -d '+1 minute' +%%Y-%%m-%%dT%%H:%%M:%%S 2>/dev/null || date -u -v+1M +%%Y-%%m-%%dT%%H:%%M:%%S)
aws scheduler create-schedule --region %s --group-name %s --name "$id" \
  --schedule-expression "at($at)" --schedule-expression-timezone UTC \
  --flexible-time-window Mode=OFF --action-after-completion DELETE --kms-key-arn %s \
  --target '{"Arn":"%s","RoleArn":"%s","DeadLetterConfig":{"Arn":"%s"},"RetryPolicy":{"MaximumRetryAttempts":3,"MaximumEventAgeInSeconds":3600},"Input":"{\"id\":\"'"$id"'\",\"channel\":\"%s\",\"to\":\"%s\",\"subject\":\"Hello\",\"body\":\"It is time.\"}"}' >&2 || exit
echo "Waiting for the status of $id, scheduled for $at UTC. Scheduler fires within 60 seconds after that: three minutes at most." >&2
answer=$(mktemp)
tries=18
until grep -Eq '"status":"(SENT|FAILED)"' "$answer" || [ $tries -eq 0 ]; do
  sleep 10
  tries=$((tries - 1))
  printf '{"id":"%%s"}' "$id" | aws lambda invoke --region %s --function-name %s --payload fileb:///dev/stdin "$answer" >/dev/null
done
cat "$answer" && echo
rm "$answer"
