// SPDX-License-Identifier: MIT OR Apache-2.0
//! The agent as its client sees it: without root, without rigb, perhaps without sysfs and a kernel log.

mod agent_process;

use agent_process::AgentProcess;
use ringscope_wire::layouts::read_sample;
use ringscope_wire::{Decoded, Stream};
use serde_json::{Value, json};
use std::process::Command;

fn code(reply: &Value) -> &str {
    assert_eq!(reply["ok"], false, "{reply}");
    reply["error"]["code"].as_str().expect("a refusal has a code")
}

#[test]
fn hello_is_answered_by_hello_module_devices_taken_table_and_traffic_in_this_order() {
    let mut agent = AgentProcess::start();
    agent.request("hello", json!({"protocol": 1, "application": "test"}));
    let mut messages = Vec::new();
    while messages.len() < 7 {
        let frame = agent.frame().expect("the agent serves");
        if frame.stream == Stream::Control {
            messages.push(serde_json::from_slice::<Value>(&frame.payload).expect("control messages are JSON"));
        }
    }
    let types: Vec<_> = messages.iter().map(|message| message["type"].as_str().unwrap_or_default()).collect();
    assert_eq!(types, ["reply", "hello", "module", "devices", "taken", "table", "traffic"]);
    let hello = &messages[1];
    let count = |key: &str| hello[key].as_array().map_or(0, Vec::len);
    assert_eq!(hello["protocol"], 1);
    assert_eq!(hello["role"], "change");
    assert_eq!(messages[4]["devices"], json!([]));
    assert_eq!(count("capabilities") + count("missing"), 11);
    assert!(count("cpus") > 0);
    assert_eq!(hello["module"]["path"], "/usr/lib/ringscope/rigb.ko");
    assert!(hello["bootTimeUnixNs"].as_str().is_some_and(|text| text.parse::<i128>().is_ok()));
    assert!(agent.close().success());
}

#[test]
fn anything_before_hello_is_refused() {
    let mut agent = AgentProcess::start();
    assert_eq!(code(&agent.ask("cost", json!({}))), "hello-first");
    agent.hello();
    assert_eq!(agent.ask("cost", json!({}))["ok"], true);
}

#[test]
fn a_client_of_another_version_is_refused() {
    let mut agent = AgentProcess::start();
    let reply = agent.ask("hello", json!({"protocol": 2, "application": "test"}));
    assert_eq!(code(&reply), "protocol-mismatch");
    assert_eq!(code(&agent.ask("cost", json!({}))), "hello-first");
}

#[test]
fn an_unknown_verb_and_bad_arguments_are_refused_and_the_connection_goes_on() {
    let mut agent = AgentProcess::start();
    agent.hello();
    assert_eq!(code(&agent.ask("reboot", json!({}))), "unknown-verb");
    assert_eq!(code(&agent.ask("sample", json!({"hz": 1000}))), "bad-arguments");
    assert_eq!(code(&agent.ask("read", json!({"device": "../../etc", "what": "registers"}))), "bad-arguments");
    assert_eq!(code(&agent.ask("read", json!({"device": "ffff:ff:1f.7", "what": "registers"}))), "no-such-device");
    assert_eq!(code(&agent.ask("set-link", json!({"interface": "nosuch0", "up": true}))), "no-such-device");
    assert_eq!(code(&agent.ask("trace", json!({"device": "ffff:ff:1f.7", "events": ["irq"]}))), "no-such-device");
    assert_eq!(code(&agent.ask("trace", json!({"device": "ffff:ff:1f.7", "events": ["sched"]}))), "bad-arguments");
    assert_eq!(agent.ask("sample", json!({"hz": 0}))["ok"], true);
    assert!(agent.close().success());
}

#[test]
fn payloads_that_are_no_request_are_noticed_by_name_and_the_connection_goes_on() {
    let mut agent = AgentProcess::start();
    agent.hello();
    for (payload, name) in [
        (&b"{"[..], "bad-json"),
        (b"\"\xff\"", "bad-json"),
        (b"[]", "bad-message"),
        (b"{\"type\":\"reply\"}", "bad-message"),
    ] {
        agent.payload(payload);
        assert_eq!(agent.message("notice")["code"], name);
    }
    assert_eq!(agent.ask("cost", json!({}))["ok"], true);
    assert!(agent.close().success());
}

#[test]
fn a_frame_that_is_too_long_ends_the_agent_with_a_notice_and_an_error() {
    let mut agent = AgentProcess::start();
    agent.write(&[0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0]);
    let notice = agent.message("notice");
    assert_eq!((&notice["code"], &notice["severity"]), (&json!("oversized"), &json!("error")));
    assert_eq!(agent.close().code(), Some(1));
}

#[test]
fn a_pipe_that_closes_ends_the_agent_without_an_error_also_while_it_samples() {
    assert_eq!(AgentProcess::start().close().code(), Some(0));
    let mut agent = AgentProcess::start();
    agent.hello();
    agent.ask("sample", json!({"hz": 100}));
    assert_eq!(agent.close().code(), Some(0));
}

#[test]
fn a_pipe_that_ends_inside_a_frame_is_an_error() {
    let mut agent = AgentProcess::start();
    agent.write(&[1, 0, 0, 0, 0]);
    assert_eq!(agent.close().code(), Some(1));
}

#[test]
fn samples_follow_the_table_that_names_their_rows_and_never_go_back() {
    let mut agent = AgentProcess::start();
    agent.request("hello", json!({"protocol": 1, "application": "test"}));
    agent.request("sample", json!({"hz": 50}));
    let (mut table, mut samples): (Value, Vec<ringscope_wire::layouts::Sample>) = (Value::Null, Vec::new());
    while samples.len() < 5 {
        let frame = agent.frame().expect("the agent serves");
        match frame.stream {
            Stream::Control => {
                let message: Value = serde_json::from_slice(&frame.payload).expect("control messages are JSON");
                if message["type"] == "table" {
                    table = message;
                }
            }
            Stream::Sample => {
                let sample = read_sample(&frame.payload).expect("a sample is no bad record");
                let rows = |key: &str| table[key].as_array().map_or(usize::MAX, Vec::len);
                assert_eq!(sample.header.table_id, table["tableId"]);
                assert_eq!(usize::from(sample.header.cpu_count), rows("cpus"));
                assert_eq!(usize::from(sample.header.vector_count), rows("vectors"));
                assert_eq!(usize::from(sample.header.softirq_count), rows("softirqs"));
                assert_eq!(usize::from(sample.header.counter_count), rows("counters"));
                if let Some(before) = samples.last() {
                    assert!(before.header.time_ns < sample.header.time_ns);
                    let same = before.header.table_id == sample.header.table_id;
                    let grows = before.softirqs.iter().zip(&sample.softirqs).all(|(before, now)| before <= now);
                    assert!(!same || grows);
                }
                samples.push(sample);
            }
            _ => {}
        }
    }
}

#[test]
fn while_it_samples_the_agent_tells_its_cost_without_being_asked() {
    let mut agent = AgentProcess::start();
    agent.hello();
    agent.ask("sample", json!({"hz": 20}));
    let cost = agent.message("cost");
    assert!(cost["wakeups"].as_u64().is_some_and(|wakeups| wakeups > 0));
    assert!(cost["bytesSent"].as_u64().is_some_and(|bytes| bytes > 0));
    assert!(cost["intervalNs"].as_u64().is_some_and(|interval| interval >= 900_000_000));
}

#[test]
fn a_second_hello_starts_the_session_anew_and_ends_sampling() {
    let mut agent = AgentProcess::start();
    agent.hello();
    agent.ask("sample", json!({"hz": 100}));
    let id = agent.request("hello", json!({"protocol": 1, "application": "test"}));
    // A decoder that was not told sees the new numbers as a gap, right before the reply.
    let gap = std::iter::from_fn(|| agent.decoded())
        .find(|one| matches!(one, Decoded::SequenceGap { stream: Stream::Control, actual: 0, .. }));
    assert!(gap.is_some());
    let Some(Decoded::Frame(frame)) = agent.decoded() else { panic!("a frame follows its gap") };
    let reply: Value = serde_json::from_slice(&frame.payload).expect("control messages are JSON");
    assert_eq!((frame.sequence, &reply["type"], &reply["id"]), (0, &json!("reply"), &json!(id)));
    let after: Vec<_> = (0..5).filter_map(|_| agent.decoded()).collect();
    assert!(after.iter().all(|one| !matches!(one, Decoded::Frame(frame) if frame.stream == Stream::Sample)));
    assert!(agent.close().success());
}

#[test]
fn what_cannot_be_done_here_is_refused_with_a_reason() {
    let mut agent = AgentProcess::start();
    agent.hello();
    let traffic = json!({"running": true, "direction": "receive", "framesPerSecond": 1000, "frameBytes": 60});
    let reply = agent.ask("traffic", traffic);
    assert_eq!(code(&reply), "not-available");
    assert!(reply["error"]["message"].as_str().is_some_and(|message| message.ends_with('.')));
}

#[test]
fn version_and_help_are_printed_and_anything_else_is_refused() {
    let run = |argument: &str| {
        Command::new(env!("CARGO_BIN_EXE_ringscope-agent")).arg(argument).output().expect("the agent starts")
    };
    assert_eq!(run("--version").stdout, format!("ringscope-agent {}\n", env!("CARGO_PKG_VERSION")).into_bytes());
    assert!(run("--help").status.success());
    assert_eq!(run("--shell").status.code(), Some(2));
}

#[test]
fn an_agent_that_observes_refuses_what_changes_the_machine_and_does_the_rest() {
    let mut agent = AgentProcess::start_with(&["serve", "--observe"]);
    agent.request("hello", json!({"protocol": 1, "application": "test"}));
    assert_eq!(agent.message("hello")["role"], "observe");
    agent.message("traffic");
    let device = "0000:01:00.0";
    for (verb, arguments) in [
        ("load-module", json!({})),
        ("unload-module", json!({})),
        ("traffic", json!({"running": false, "direction": "both", "framesPerSecond": 0, "frameBytes": 60})),
        ("set-link", json!({"interface": "lo", "up": true})),
        ("mark", json!({"text": "here"})),
        ("take-device", json!({"device": device, "confirmed": true})),
        ("release-device", json!({"device": device})),
        ("write-register", json!({"device": device, "offset": 0, "value": 0, "confirmed": true})),
    ] {
        assert_eq!(code(&agent.ask(verb, arguments)), "no-permission", "{verb}");
    }
    // Arguments are looked at first, whoever asks.
    assert_eq!(code(&agent.ask("take-device", json!({"device": device}))), "bad-arguments");
    assert_eq!(agent.ask("sample", json!({"hz": 1}))["ok"], true);
    assert_eq!(agent.ask("cost", json!({}))["ok"], true);
    assert!(agent.close().success());
}

#[test]
fn a_device_that_is_not_there_is_neither_taken_nor_observed() {
    let mut agent = AgentProcess::start();
    agent.hello();
    let device = "ffff:ff:1f.7";
    assert_eq!(code(&agent.ask("take-device", json!({"device": device, "confirmed": true}))), "no-such-device");
    assert_eq!(code(&agent.ask("release-device", json!({"device": device}))), "not-available");
    assert_eq!(code(&agent.ask("observe", json!({"device": device, "hz": 1}))), "no-such-device");
    assert!(agent.close().success());
}

#[test]
fn a_register_is_written_only_by_an_agent_that_was_told_it_may() {
    let mut agent = AgentProcess::start();
    agent.request("hello", json!({"protocol": 1, "application": "test"}));
    let missing = agent.message("hello")["missing"].clone();
    let reason = missing.as_array().and_then(|all| all.iter().find(|one| one["capability"] == "write-register"));
    assert!(reason.is_some_and(|one| one["reason"].to_string().contains("--allow-writes")), "{missing}");
    agent.message("traffic");
    let write = json!({"device": "ffff:ff:1f.7", "offset": 0, "value": 0, "confirmed": true});
    let refused = agent.ask("write-register", write);
    assert_eq!(code(&refused), "no-permission");
    assert!(refused["error"]["remedy"].to_string().contains("--allow-writes"));
    assert!(agent.close().success());
}

#[test]
fn an_agent_that_may_write_registers_writes_none_of_a_card_that_is_not_there() {
    let mut agent = AgentProcess::start_with(&["serve", "--allow-writes"]);
    agent.hello();
    let refused =
        agent.ask("write-register", json!({"device": "ffff:ff:1f.7", "offset": 0, "value": 0, "confirmed": true}));
    // Without root it may not either, whatever it was told.
    let expected = if rustix::process::geteuid().is_root() { "no-such-device" } else { "no-permission" };
    assert_eq!(code(&refused), expected);
    assert!(agent.close().success());
}

#[test]
fn a_signal_that_asks_for_the_end_gets_it_in_order() {
    let mut agent = AgentProcess::start();
    agent.hello();
    assert_eq!(agent.terminate().code(), Some(0));
}

#[test]
fn an_agent_that_others_could_replace_does_not_serve_and_says_what_to_do() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;
    let directory = std::env::temp_dir().join(format!("ringscope-agent-place-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a temporary directory");
    let copy = directory.join("ringscope-agent");
    // Copied by another process: a child of a test beside this one would inherit the file while it is open for writing, and nobody could run it.
    let copied = Command::new("cp").args([env!("CARGO_BIN_EXE_ringscope-agent").as_ref(), copy.as_os_str()]).status();
    assert!(copied.expect("cp starts").success());
    let set =
        |path: &std::path::Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
    let serve = || Command::new(&copy).arg("serve").stdin(std::process::Stdio::null()).output().expect("it starts");
    set(&copy, 0o755);
    assert_eq!(serve().status.code(), Some(0));
    for (directory_mode, mode, remedy) in [(0o755, 0o757, "chmod o-w"), (0o777, 0o755, "move it")] {
        set(&copy, mode);
        set(&directory, directory_mode);
        let refused = serve();
        let sentence = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1));
        assert!(sentence.contains(remedy) && sentence.lines().count() == 1, "{sentence}");
        assert!(refused.stdout.is_empty());
    }
    fs::remove_dir_all(&directory).expect("it is there");
}

#[test]
fn what_is_only_done_to_a_lab_guest_is_refused_by_an_agent_that_was_not_told_of_one() {
    let mut agent = AgentProcess::start_with(&["serve", "--allow-writes"]);
    agent.request("hello", json!({"protocol": 1, "application": "test"}));
    let missing = agent.message("hello")["missing"].clone();
    let reason = missing.as_array().and_then(|all| all.iter().find(|one| one["capability"] == "lab"));
    assert!(reason.is_some_and(|one| one["reason"].to_string().contains("--lab")), "{missing}");
    agent.message("traffic");
    for (verb, arguments) in [
        ("set-driver", json!({"device": "ffff:ff:1f.7", "driver": "igb"})),
        ("reset-device", json!({"device": "ffff:ff:1f.7", "confirmed": true})),
        ("set-mtu", json!({"mtu": 1500})),
        ("crash", json!({"confirmed": true})),
    ] {
        assert_eq!(code(&agent.ask(verb, arguments)), "not-available", "{verb}");
    }
    assert!(agent.close().success());
}
