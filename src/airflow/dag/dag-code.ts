/**
 * The Python of a DAG file, from its data on: the same for every recipe. It only declares; what a recipe says comes in by
 * `DEPLOYMENT` and reaches neither code nor a template. Works with Airflow 2.7 and later.
 */
export const dagCode = String.raw`
SETTINGS = DEPLOYMENT["settings"]
AIRFLOW = tuple(int(number) for number in re.findall(r"\d+", airflow_version)[:2])

if AIRFLOW >= (3, 0):
    from airflow.sdk import DAG, Asset, task

    FINISHED = Asset(name=DEPLOYMENT["asset"]["name"], uri=DEPLOYMENT["asset"]["uri"])
else:
    from airflow import DAG
    from airflow.datasets import Dataset

    FINISHED = Dataset(DEPLOYMENT["asset"]["uri"])


def runs_natively():
    """True where Airflow itself hands the tasks to Node: 3.3 and later, with a coordinator for the queue."""
    form = SETTINGS["form"]
    if form == "native" and AIRFLOW < (3, 3):
        raise RuntimeError("airflow.form of the recipe is native, which needs Airflow 3.3; this is " + airflow_version)
    if form != "auto":
        return form == "native"
    if AIRFLOW < (3, 3):
        return False
    coordinators = conf.getjson("sdk", "queue_to_coordinator", fallback=None) or {}
    return SETTINGS["queue"] in coordinators


def failure_mail():
    """Who tells of a task that failed for good. Meridian does it where the tasks run natively: Airflow would not."""
    to = SETTINGS["email"]
    if NATIVE or not to:
        return {}
    keys = {"email": to, "email_on_failure": SETTINGS["emailOnFailure"], "email_on_retry": False}
    if AIRFLOW < (3, 0):
        return keys
    if not SETTINGS["emailOnFailure"]:
        return {}
    try:
        from airflow.providers.smtp.notifications.smtp import SmtpNotifier
    except ImportError:
        return keys
    return {"on_failure_callback": [SmtpNotifier(to=to, smtp_conn_id=SETTINGS["smtpConnectionId"])]}


def moment(text):
    """A time of the recipe in the time zone of the schedule, which Airflow takes from here."""
    zone = SETTINGS["timezone"]
    return None if text is None else pendulum.parse(text, tz=zone).in_timezone(zone)


NATIVE = runs_natively()
PROFILES = DEPLOYMENT.get("work") == "profile"
DAG_ARGUMENTS = dict(
    dag_id=DEPLOYMENT["dagId"],
    description=SETTINGS["description"],
    schedule=SETTINGS["schedule"],
    start_date=moment(SETTINGS["startDate"]),
    end_date=moment(SETTINGS["endDate"]),
    catchup=SETTINGS["catchup"],
    max_active_runs=SETTINGS["maxActiveRuns"],
    is_paused_upon_creation=SETTINGS["isPausedUponCreation"],
    tags=SETTINGS["tags"],
    default_args={
        "owner": SETTINGS["owner"],
        "retries": SETTINGS["retries"],
        "retry_delay": timedelta(seconds=SETTINGS["retryDelaySeconds"]),
        "execution_timeout": timedelta(seconds=SETTINGS["executionTimeoutSeconds"]),
        **failure_mail(),
    },
)
`;

/**
 * What the native tasks are made from. It stands before the data: Airflow reads the source of these from the file once more, by
 * their lines, and must find them there also when another deploy has replaced the file meanwhile.
 */
export const stubCode = `

def plan(): ...


def ingest(part): ...


def finish(): ...


def profile(): ...

`;

/** The tasks where Airflow hands them to the bundle. */
export const nativeCode = `
if NATIVE:
    with DAG(**DAG_ARGUMENTS):
        in_node = {"queue": SETTINGS["queue"]}
        if PROFILES:
            task.stub(**in_node, outlets=[FINISHED])(profile)()
        else:
            planned = task.stub(**in_node)(plan)()
            ingested = task.stub(**in_node)(ingest).expand(part=planned)
            # Whatever became of the parts: it sums up, tells OpenMetadata, and gives the pipeline's lock back.
            ingested >> task.stub(**in_node, outlets=[FINISHED], trigger_rule="all_done")(finish)()
`;

/** The tasks where a Bash operator calls Meridian. */
export const bashCode = `
if not NATIVE:
    import os
    import shlex
    import tempfile

    try:
        from airflow.providers.standard.operators.bash import BashOperator
    except ImportError:
        from airflow.operators.bash import BashOperator
    try:
        from airflow.sdk.exceptions import AirflowException, AirflowFailException
    except ImportError:
        from airflow.exceptions import AirflowException, AirflowFailException

    if AIRFLOW >= (3, 0):
        from airflow.sdk import Connection, Variable

        connection_of = Connection.get
    else:
        from airflow.hooks.base import BaseHook
        from airflow.models import Variable

        connection_of = BaseHook.get_connection

    class MeridianTask(BashOperator):
        """One step by Meridian's command line. Nothing of it is a template; files hand over what goes in and comes out."""

        template_fields = ()

        def __init__(self, *, step, part=None, **kwargs):
            words = [shlex.quote(word) for word in [*DEPLOYMENT["command"], "airflow", "task", step]]
            files = ['--%s "$MERIDIAN_TASK/%s.json"' % (name, name) for name in ("deployment", "input", "result")]
            super().__init__(bash_command=" ".join(["exec", *words, *files]), append_env=True, **kwargs)
            self.step = step
            self.part = part

        def execute(self, context):
            ti = context["ti"]
            with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
                for name, content in (("deployment", DEPLOYMENT), ("input", self.input_of(context))):
                    with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
                        json.dump(content, file, default=str)
                self.env = {**airflow_values(), "MERIDIAN_TASK": folder}
                ended = self.subprocess_hook.run_command(
                    command=["bash", "-c", self.bash_command], env=self.get_env(context), output_encoding="utf-8"
                )
                try:
                    with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
                        result = json.load(file)
                except (OSError, ValueError):
                    result = {}
            for key, value in (result.get("xcoms") or {}).items():
                ti.xcom_push(key=key, value=value)
            error = result.get("error")
            if error:
                failed = AirflowException if error.get("retry", True) else AirflowFailException
                raise failed("%s (%s)" % (error.get("message"), error.get("code")))
            if ended.exit_code != 0:
                raise AirflowException("Meridian ended with exit code %d." % ended.exit_code)
            return result.get("value")

        def input_of(self, context):
            ti, run = context["ti"], context["dag_run"]
            date = getattr(run, "logical_date", None)
            content = {
                "runId": run.run_id,
                "tryNumber": ti.try_number,
                "maxTries": ti.max_tries,
                "logicalDate": date.isoformat() if date else None,
                "conf": run.conf or {},
            }
            if self.step == "ingest":
                content.update(part=self.part, mapIndex=ti.map_index)
            if self.step in ("ingest", "finish"):
                content["plan"] = {"plan": ti.xcom_pull(task_ids="plan", key="plan")}
            if self.step == "finish":
                reports = ti.xcom_pull(task_ids="ingest")
                content["reports"] = [reports] if isinstance(reports, dict) else list(reports or [])
            return content

    def airflow_values():
        """What the recipe refers to, as variables in which Airflow would look itself."""
        values = {key: Variable.get(key) for key in DEPLOYMENT["variables"]}
        found = {"AIRFLOW_VAR_" + key.upper(): value for key, value in values.items()}
        for name in DEPLOYMENT["connections"]:
            connection = connection_of(name)
            fields = ("conn_type", "login", "password", "host", "port", "schema", "extra")
            found["AIRFLOW_CONN_" + name.upper()] = json.dumps({key: getattr(connection, key) for key in fields})
        return found

    QUEUE = {"queue": SETTINGS["bashQueue"]} if SETTINGS["bashQueue"] else {}
    with DAG(**DAG_ARGUMENTS):
        if PROFILES:
            MeridianTask(task_id="profile", step="profile", outlets=[FINISHED], **QUEUE)
        else:
            planned = MeridianTask(task_id="plan", step="plan", **QUEUE)
            ingested = MeridianTask.partial(task_id="ingest", step="ingest", **QUEUE).expand(part=planned.output)
            ingested >> MeridianTask(
                task_id="finish", step="finish", outlets=[FINISHED], trigger_rule="all_done", **QUEUE
            )
`;
