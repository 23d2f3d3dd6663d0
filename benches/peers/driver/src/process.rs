//! A worker's process: started once, asked often, and stopped when it takes too long.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A running worker.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<String>,
    /// The version it greeted with.
    pub(crate) version: String,
}

/// Why there is no answer.
#[derive(Debug, Clone)]
pub(crate) enum Silence {
    /// The limit passed; the process is stopped.
    TooLong(Duration),
    /// It ended, or never began; what it said last.
    Ended(String),
    /// It was stopped on a smaller problem of the kind.
    NotAsked,
    /// The fit failed, by the program's own words.
    Failed(String),
}

#[derive(Deserialize)]
struct Greeting {
    version: String,
}

/// The cost of one fit and its result.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
    pub(crate) iterations: Option<usize>,
    pub(crate) coefficients: Vec<Option<f64>>,
    pub(crate) std_errors: Option<Vec<Option<f64>>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Reply {
    Answer(Answer),
    Failed { error: String },
}

impl Process {
    /// Starts a worker and waits until it has loaded its data.
    pub(crate) fn start(mut command: Command, limit: Duration) -> Result<Self, Silence> {
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| Silence::Ended(error.to_string()))?;
        let (Some(requests), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(Silence::Ended("no pipes".to_owned()));
        };
        let answers = lines(stdout);
        let complaints = lines(stderr);
        let mut process = Self { child, requests, answers, version: String::new() };
        match process.listen::<Greeting>(limit) {
            Ok(greeting) => process.version = greeting.version,
            Err(Silence::Ended(_)) => {
                let last = complaints.iter().filter(|line| !line.trim().is_empty()).last();
                return Err(Silence::Ended(last.unwrap_or_else(|| "it ended without a word".to_owned())));
            }
            Err(silence) => return Err(silence),
        }
        // Warnings must not fill the pipe; the channel keeps them until it is dropped.
        thread::spawn(move || complaints.iter().for_each(drop));
        Ok(process)
    }

    /// One measurement: the mean of `repeats` fits.
    pub(crate) fn fit(&mut self, family: &str, repeats: u32, limit: Duration) -> Result<Answer, Silence> {
        let asked = writeln!(self.requests, "{family} {repeats}").and_then(|()| self.requests.flush());
        asked.map_err(|error| Silence::Ended(error.to_string()))?;
        match self.listen(limit)? {
            Reply::Answer(answer) => Ok(answer),
            Reply::Failed { error } => Err(Silence::Failed(error)),
        }
    }

    fn listen<T: DeserializeOwned>(&mut self, limit: Duration) -> Result<T, Silence> {
        let line = self.answers.recv_timeout(limit).map_err(|error| match error {
            RecvTimeoutError::Timeout => Silence::TooLong(limit),
            RecvTimeoutError::Disconnected => Silence::Ended("it ended".to_owned()),
        })?;
        serde_json::from_str(&line).map_err(|error| Silence::Failed(format!("{error}: {line:.60}")))
    }
}

impl Drop for Process {
    /// Ends the process, whatever it does; there is nobody left who could hear of a failure.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The lines of a pipe, read by a thread of their own.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines() {
            if line.map_or(true, |line| sender.send(line).is_err()) {
                break;
            }
        }
    });
    receiver
}
