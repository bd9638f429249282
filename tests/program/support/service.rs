//! A server that answers as a function says: for services that speak nothing known.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use super::http::{Reply, Request};

/// A server on a port of its own. It lives as long as the test process.
#[derive(Clone)]
pub struct Service {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Service {
    pub fn start(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let service = Self { address, requests: Arc::default() };
        let (served, reply) = (service.clone(), Arc::new(reply));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (service, reply) = (served.clone(), Arc::clone(&reply));
                std::thread::spawn(move || {
                    while let Ok(Some(request)) = Request::read(&mut stream) {
                        let answer = reply(&request);
                        service
                            .requests
                            .lock()
                            .expect("no thread panics while it holds the lock")
                            .push(request);
                        if answer.write(&mut stream).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        service
    }

    /// The base URL without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no thread panics while it holds the lock").clone()
    }

    /// The last request so far.
    pub fn last(&self) -> Request {
        self.requests().pop().expect("a request was expected")
    }
}
