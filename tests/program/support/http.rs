//! Just enough HTTP/1.1, by hand, because a mock that cuts a chunk in half cannot be built on a server that
//! takes care not to.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// `Null` where there was no JSON.
    pub body: Value,
    /// As it came.
    pub bytes: Vec<u8>,
}

impl Request {
    /// Reads the next request of a connection; `None` at its end.
    pub fn read(stream: &mut TcpStream) -> io::Result<Option<Self>> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read(&mut byte)? == 0 {
                return Ok(None);
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.lines();
        let mut first = lines.next().unwrap_or_default().split(' ');
        let method = first.next().unwrap_or_default().to_owned();
        let path = first.next().unwrap_or_default().to_owned();
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers.get("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        let mut bytes = vec![0; length];
        stream.read_exact(&mut bytes)?;
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Some(Self { method, path, headers, body, bytes }))
    }

    /// The bearer token; empty without one.
    pub fn key(&self) -> &str {
        self.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
    }

    /// A text field of the body; empty without it.
    pub fn text(&self, field: &str) -> &str {
        self.body[field].as_str().unwrap_or_default()
    }

    /// Roles and texts of the messages it sends.
    pub fn messages(&self) -> Vec<(&str, &str)> {
        self.body["messages"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|message| {
                (message["role"].as_str().unwrap_or("?"), message["content"].as_str().unwrap_or("?"))
            })
            .collect()
    }
}

/// What a reply does, in order.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends bytes of the body as one TCP write (and, in a stream, one HTTP chunk).
    Send(Vec<u8>),
    /// Waits.
    Pause(Duration),
    /// Says that a chunk of 4,096 bytes follows, sends a part of it and closes the connection.
    CutInChunk(Vec<u8>),
    /// Goes quiet until the client leaves.
    Hang,
}

/// A reply to one request.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// Whether the body is sent in chunks; else it is sent whole, with its length.
    pub framing: Framing,
    pub steps: Vec<Step>,
    /// Before the head.
    pub delay: Duration,
}

/// How a body's end is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Chunked,
    Length,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::whole(status, "application/json", body.to_string())
    }

    pub fn whole(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            framing: Framing::Length,
            steps: vec![Step::Send(body.into())],
            delay: Duration::ZERO,
        }
    }

    pub fn stream(steps: Vec<Step>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type".to_owned(), "text/event-stream; charset=utf-8".to_owned())],
            framing: Framing::Chunked,
            steps,
            delay: Duration::ZERO,
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends it. An error means that the client left, or that the script cut the connection: either way the
    /// connection is over.
    pub fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        wait_unless_left(stream, self.delay)?;
        let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        match self.framing {
            Framing::Chunked => head.push_str("transfer-encoding: chunked\r\n\r\n"),
            Framing::Length => {
                let length: usize = self
                    .steps
                    .iter()
                    .map(|step| match step {
                        Step::Send(bytes) => bytes.len(),
                        Step::Pause(_) | Step::CutInChunk(_) | Step::Hang => 0,
                    })
                    .sum();
                head.push_str(&format!("content-length: {length}\r\n\r\n"));
            }
        }
        stream.write_all(head.as_bytes())?;
        for step in &self.steps {
            match (step, self.framing) {
                (Step::Send(bytes), Framing::Chunked) => {
                    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
                    chunk.extend_from_slice(bytes);
                    chunk.extend_from_slice(b"\r\n");
                    stream.write_all(&chunk)?;
                }
                (Step::Send(bytes), Framing::Length) => stream.write_all(bytes)?,
                (Step::Pause(time), _) => wait_unless_left(stream, *time)?,
                (Step::CutInChunk(bytes), _) => {
                    stream.write_all(b"1000\r\n")?;
                    stream.write_all(bytes)?;
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
                (Step::Hang, _) => wait_unless_left(stream, Duration::from_secs(600))?,
            }
        }
        if self.framing == Framing::Chunked {
            stream.write_all(b"0\r\n\r\n")?;
        }
        stream.flush()
    }
}

/// Waits for a time, or fails as soon as the client closes the connection.
fn wait_unless_left(stream: &TcpStream, time: Duration) -> io::Result<()> {
    if time.is_zero() {
        return Ok(());
    }
    stream.set_read_timeout(Some(time))?;
    let looked = stream.peek(&mut [0]);
    stream.set_read_timeout(None)?;
    match looked {
        Ok(0) => Err(io::ErrorKind::ConnectionAborted.into()),
        Ok(_) => Ok(()),
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What a server says to a GET, head and body as one text.
pub fn get(mut stream: TcpStream, path: &str) -> io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(
        format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
