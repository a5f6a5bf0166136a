//! Trees as they are declared, and what they look like to programs that draw graphs.

mod support;

use std::time::Duration;

use otp_core::{
    AutoShutdown, ChildSpec, ChildType, DynamicSupervisor, Restart, Shutdown, Supervisor,
    SupervisorModule, process,
};
use support::{Plan, Probe, paused, told};

const SECOND: Duration = Duration::from_secs(1);

fn child(id: &'static str) -> ChildSpec<Probe> {
    ChildSpec::<Probe>::new(Plan::new(id)).id(id)
}

/// A supervisor as `supervisor!` makes it.
struct Web;

impl SupervisorModule for Web {
    type Args = (u16,);

    fn init((port,): (u16,)) -> Supervisor {
        let endpoint = child("Endpoint").shutdown(Shutdown::BrutalKill);
        let web = Supervisor::one_for_all().max_restarts(1).child(child("Router"));
        if port > 0 { web.child(endpoint) } else { web }
    }
}

impl otp_core::Child for Web {
    type Args = (u16,);
    type Client = otp_core::SupervisorRef;

    fn declared(args: (u16,)) -> Option<Supervisor> {
        otp_core::private::declared_supervisor::<Web>(args)
    }

    async fn start(
        args: (u16,),
        name: Option<otp_core::Name>,
    ) -> Result<otp_core::Started<Web>, otp_core::StartError> {
        otp_core::private::start_supervisor_child::<Web>(args, name).await
    }
}

fn app() -> Supervisor {
    let pool = DynamicSupervisor::of::<Probe>().child_spec("pool");
    let jobs = Supervisor::one_for_one().child(pool).backoff(SECOND..SECOND * 5);
    let key = child("key").restart(Restart::Transient).significant(true).shutdown(SECOND);
    Supervisor::rest_for_one()
        .name("app")
        .auto_shutdown(AutoShutdown::AnySignificant)
        .child(key)
        .child(otp_core::private::supervisor_child_spec::<Web>((80,)))
        .child(jobs.child_spec("jobs"))
        .child(Supervisor::ignore().child_spec("off"))
        .child(child("last").restart(Restart::Temporary))
}

#[test]
fn the_declared_tree_shows_everything_and_starts_nothing() {
    paused(async {
        let before = process::list();
        let expected = "\
app: rest_for_one, 3 restarts in 5s, auto_shutdown any_significant
├── key: transient worker, shutdown 1s, significant
├── Web: permanent supervisor, shutdown infinity; one_for_all, 1 restart in 5s
│   ├── Router: permanent worker, shutdown 5s
│   └── Endpoint: permanent worker, shutdown brutal_kill
├── jobs: permanent supervisor, shutdown infinity; one_for_one, 3 restarts in 5s, backoff 1s..5s
│   └── pool: permanent supervisor, shutdown infinity
├── off: permanent supervisor, shutdown infinity
└── last: temporary worker, shutdown 5s";
        assert_eq!(app().tree().to_string(), expected);
        let tree = app().tree();
        let web = &tree.root().children[1];
        assert_eq!((web.kind, web.state, web.restarts), (ChildType::Supervisor, None, 0));
        assert_eq!(web.flags.unwrap().max_restarts, 1);
        assert_eq!(web.settings.as_ref().unwrap().shutdown, Shutdown::Infinity);
        assert_eq!((process::list(), told().await), (before, vec![]));
    });
}

/// No runtime is needed: the drawing can be made where there is none.
#[test]
fn a_tree_can_be_drawn_outside_a_runtime() {
    let pool = DynamicSupervisor::new().child_spec("pool");
    let expected = "\
supervisor: one_for_one, 3 restarts in 5s
└── pool: permanent supervisor, shutdown infinity";
    assert_eq!(Supervisor::one_for_one().child(pool).tree().to_string(), expected);
}

#[test]
fn the_live_tree_has_the_shape_of_the_declared_one() {
    fn shape(node: &otp_core::TreeNode) -> String {
        let children: Vec<String> = node.children.iter().map(shape).collect();
        format!("{}({})", node.label, children.join(" "))
    }
    paused(async {
        let declared = app().tree();
        let live = app().start_link().await.unwrap().live_tree().await;
        assert_eq!(shape(declared.root()), shape(live.root()));
        assert!(live.to_string().contains("└── last #PID<"), "{live}");
        assert!(live.to_string().contains("├── off stopped"), "{live}");
        told().await;
    });
}

#[test]
fn a_dynamic_supervisor_shows_its_children() {
    paused(async {
        let workers = DynamicSupervisor::new().name("workers").start_link().await.unwrap();
        let worker = workers.start_child(child("w")).await.unwrap().pid().unwrap();
        let pid = workers.pid().unwrap();
        let tree = workers.live_tree().await;
        assert_eq!(tree.to_string(), format!("workers {pid}\n└── {worker}"));
        workers.stop().await.unwrap();
        let gone = workers.live_tree().await.to_string();
        assert!(gone.starts_with("supervisor "), "{gone}");
    });
}

#[test]
fn a_graph_for_graphviz() {
    paused(async {
        let tree = Supervisor::one_for_one().name("app").child(child("a")).tree();
        let expected = r#"digraph supervision {
    n0 [label="app\none_for_one, 3 restarts in 5s", shape=box];
    n1 [label="a\npermanent worker, shutdown 5s", shape=ellipse];
    n0 -> n1;
}
"#;
        assert_eq!(tree.to_dot(), expected);
    });
}

#[test]
fn a_chart_for_mermaid() {
    paused(async {
        let tree = Supervisor::one_for_one().name("app").child(child("a")).tree();
        let expected = r#"flowchart TD
    n0["app<br>one_for_one, 3 restarts in 5s"]
    n1("a<br>permanent worker, shutdown 5s")
    n0 --> n1
"#;
        assert_eq!(tree.to_mermaid(), expected);
    });
}

/// What somebody may call a child, and how that reads when line breaks and the like are shown.
const NASTY: [(&str, &str); 8] = [
    ("say \"hi\"", "say \"hi\""),
    ("a\\", "a\\"),
    ("a\\\"];x[label=\"y", "a\\\"];x[label=\"y"),
    ("two\nlines\r\t", "two\\nlines\\r\\t"),
    ("n0 --> n1", "n0 --> n1"),
    ("<script>#quot;&amp;`x`", "<script>#quot;&amp;`x`"),
    ("자식 ✓", "자식 ✓"),
    ("", ""),
];

/// The labels of a graph's nodes, read as Graphviz reads them; panics at what is no graph.
fn labels_of_dot(text: &str) -> Vec<String> {
    let body = text.strip_prefix("digraph supervision {\n").unwrap().strip_suffix("}\n").unwrap();
    let mut labels = Vec::new();
    for line in body.lines() {
        let line = line.strip_prefix("    n").unwrap().strip_suffix(';').unwrap();
        let number = line.find(|char: char| !char.is_ascii_digit()).unwrap();
        if let Some(below) = line[number..].strip_prefix(" -> n") {
            assert!(below.parse::<usize>().unwrap() < labels.len());
            continue;
        }
        assert_eq!(line[..number].parse(), Ok(labels.len()));
        let mut rest = line[number..].strip_prefix(" [label=\"").unwrap().chars();
        let mut label = String::new();
        loop {
            match rest.next().expect("the quotes are closed") {
                '"' => break,
                '\\' => match rest.next().unwrap() {
                    'n' => label.push('|'),
                    char => label.push(char),
                },
                char => label.push(char),
            }
        }
        assert!([", shape=box]", ", shape=ellipse]"].contains(&rest.as_str()), "{line}");
        labels.push(label);
    }
    labels
}

/// As [`labels_of_dot`], for a flowchart.
fn labels_of_mermaid(text: &str) -> Vec<String> {
    let mut labels = Vec::new();
    for line in text.strip_prefix("flowchart TD\n").unwrap().lines() {
        let line = line.strip_prefix("    n").unwrap();
        let number = line.find(|char: char| !char.is_ascii_digit()).unwrap();
        if let Some(below) = line[number..].strip_prefix(" --> n") {
            assert!(below.parse::<usize>().unwrap() < labels.len());
            continue;
        }
        let quoted = &line[number + 1..line.len() - 1];
        let quoted = quoted.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
        let mut label = String::new();
        for (index, line) in quoted.split("<br>").enumerate() {
            label.push_str(if index > 0 { "|" } else { "" });
            assert!(!line.contains(['"', '<', '>', '\\', '`', '&']), "{line}");
            let mut parts = line.split('#');
            label.push_str(parts.next().unwrap());
            for part in parts {
                let (number, rest) = part.split_once(';').unwrap();
                label.push(char::from_u32(number.parse().unwrap()).unwrap());
                label.push_str(rest);
            }
        }
        labels.push(label);
    }
    labels
}

#[test]
fn whatever_the_ids_are_the_graphs_are_valid() {
    paused(async {
        let mut supervisor = Supervisor::one_for_one().name("a \"name\"\n");
        for (id, _) in NASTY {
            supervisor = supervisor.child(child(id));
        }
        let mut expected = vec!["a \"name\"\\n|one_for_one, 3 restarts in 5s".to_owned()];
        let child = |(_, text): &(_, &str)| format!("{text}|permanent worker, shutdown 5s");
        expected.extend(NASTY.iter().map(child));
        let tree = supervisor.tree();
        assert_eq!(labels_of_dot(&tree.to_dot()), expected);
        assert_eq!(labels_of_mermaid(&tree.to_mermaid()), expected);
        assert_eq!(tree.to_string().lines().count(), NASTY.len() + 1);

        let live = supervisor.start_link().await.unwrap().live_tree().await;
        let labels = labels_of_dot(&live.to_dot());
        assert_eq!(labels, labels_of_mermaid(&live.to_mermaid()));
        assert_eq!(labels.len(), NASTY.len() + 1);
        let pid = process::whereis("a \"name\"\n").unwrap();
        assert_eq!(labels[0], format!("a \"name\"\\n|{pid}"));
        assert_eq!(live.to_string().lines().count(), NASTY.len() + 1);
        told().await;
    });
}
