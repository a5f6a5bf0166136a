//! The block of memory that a process is: its header, its mailbox and its control part.

use std::any::Any;
use std::collections::VecDeque;

use crate::message::Message;
use crate::name::Name;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::control::{Control, Phase};
use crate::process::handoff::{self, Body, Turns};
use crate::process::lineage::Lineage;
use crate::process::mailbox::{Envelope, Queue};
use crate::process::origin::Origin;
use crate::process::signal;
use crate::process::via::ViaName;
use crate::sync::{Arc, AtomicBool, AtomicU16, AtomicU32, Mutex, OnceLock, Ordering};
use std::task::{Context, Waker};

/// A process of any message type.
pub(crate) type ProcessRef = Arc<dyn Process>;

/// What the table, the names and the signals see of a process: everything but its message type.
pub(crate) trait Process: Any + Send + Sync {
    /// The part that never changes.
    fn head(&self) -> &Head;

    /// Runs `f` under the process's lock. No user code may run in it.
    fn locked(&self, f: &mut dyn FnMut(&mut Control, &mut dyn Inbox));

    /// Where the future of a server lies that others may run.
    fn body(&self) -> Option<&Body>;

    /// For finding the typed block again.
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

/// The part of a mailbox that does not depend on the message type.
pub(crate) trait Inbox {
    /// Puts a message at the end.
    fn push(&mut self, message: Message);

    /// Takes the oldest message, in a process whose mailbox holds messages only.
    fn pop(&mut self) -> Option<Message>;

    /// How many messages wait.
    fn len(&self) -> usize;

    /// How many bytes the mailbox and the process around it have.
    fn bytes(&self) -> usize;

    /// Takes out the oldest message that `select` points at.
    fn remove(&mut self, select: &dyn Fn(&Message) -> bool) -> Option<Message>;

    /// Takes all that waits, to be dropped outside the lock.
    fn take_all(&mut self) -> Box<dyn Any + Send>;
}

/// What a process is from its first moment to its last.
pub(crate) struct Head {
    pub(crate) pid: Pid,
    /// The processes that led to it, if any.
    pub(crate) lineage: Option<Arc<Lineage>>,
    pub(crate) node: Arc<Node>,
    pub(crate) kind: Kind,
    flags: AtomicU16,
    /// How many messages a server has taken out of its mailbox and not yet handled, the one in hand
    /// included; or how many another process holds back while it waits for one it wants.
    taken: AtomicU32,
    /// How often it was polled.
    polls: AtomicU32,
    /// How many bytes its future has.
    future_size: AtomicU32,
    /// Something may have come since the process last looked into its mailbox.
    mail: AtomicBool,
    pub(crate) turns: Turns,
    /// The waker of the process's own task, set at its first poll.
    waker: OnceLock<Waker>,
}

/// What runs in a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A future that may receive.
    Plain,
    /// The body of `main` or of a test.
    Root,
    /// The master of an application.
    Master,
    /// A server loop.
    Server,
}

/// The process has been told to die: its task drops its future and ends.
const CONDEMNED: u16 = 1;
/// The process has not yet told its starter how its start went.
const STARTING: u16 = 2;
/// The process was linked to its starter when it was started.
const LINKED: u16 = 8;
/// The server has dropped a caller unanswered, and may still end in the same turn.
const REFUSING: u16 = 16;
/// The server's task came by while somebody else ran the server.
const MISSED: u16 = 32;
/// Nobody is told when the process is still there at the end of a test.
const DAEMON: u16 = 4;
/// A call of the running callback has failed, and with it the callback.
const GIVEN_UP: u16 = 64;
/// A message of its starter that it is to end lies, or lay, in its mailbox.
const ORDERED: u16 = 128;
/// The process has a reason to end and takes nothing more.
const CLOSED: u16 = 256;

impl Head {
    pub(crate) fn new(
        pid: Pid,
        lineage: Option<Arc<Lineage>>,
        node: Arc<Node>,
        kind: Kind,
    ) -> Head {
        Head {
            pid,
            lineage,
            node,
            kind,
            flags: AtomicU16::new(0),
            taken: AtomicU32::new(0),
            polls: AtomicU32::new(0),
            future_size: AtomicU32::new(0),
            mail: AtomicBool::new(true),
            turns: Turns::default(),
            waker: OnceLock::new(),
        }
    }

    /// The process that started it, if any.
    pub(crate) fn parent(&self) -> Option<Pid> {
        self.lineage.as_ref().map(|lineage| lineage.parent())
    }

    /// Counts a poll. Whoever polls has the future to itself, so it need not be one step.
    #[inline]
    pub(crate) fn count_poll(&self) {
        let polls = self.polls.load(Ordering::Relaxed);
        self.polls.store(polls.saturating_add(1), Ordering::Relaxed);
    }

    pub(crate) fn polls(&self) -> u32 {
        self.polls.load(Ordering::Relaxed)
    }

    pub(crate) fn set_future_size(&self, bytes: usize) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.future_size.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn future_size(&self) -> usize {
        self.future_size.load(Ordering::Relaxed) as usize
    }

    /// Whether the process has to end at once. Without a lock: asked before each poll.
    pub(crate) fn is_condemned(&self) -> bool {
        self.flags.load(Ordering::Acquire) & CONDEMNED != 0
    }

    pub(crate) fn set_condemned(&self) {
        self.set(CONDEMNED, true);
    }

    /// Whether the process has closed. Without a lock: registries ask for each entry they show.
    pub(crate) fn is_closed(&self) -> bool {
        self.flags.load(Ordering::Acquire) & CLOSED != 0
    }

    pub(crate) fn set_closed(&self) {
        self.set(CLOSED, true);
    }

    /// Notes that the server's task came by in vain. Ordered against [`Head::take_missed`] in both
    /// directions, which the hand-over of the lock alone would not be.
    pub(crate) fn set_missed(&self) {
        self.flags.fetch_or(MISSED, Ordering::SeqCst);
    }

    pub(crate) fn take_missed(&self) -> bool {
        self.flags.fetch_and(!MISSED, Ordering::SeqCst) & MISSED != 0
    }

    pub(crate) fn is_refusing(&self) -> bool {
        self.flags.load(Ordering::Acquire) & REFUSING != 0
    }

    pub(crate) fn set_refusing(&self, refusing: bool) {
        self.set(REFUSING, refusing);
    }

    pub(crate) fn has_given_up(&self) -> bool {
        self.flags.load(Ordering::Acquire) & GIVEN_UP != 0
    }

    pub(crate) fn set_given_up(&self, given_up: bool) {
        self.set(GIVEN_UP, given_up);
    }

    fn set(&self, flag: u16, on: bool) {
        if on {
            self.flags.fetch_or(flag, Ordering::AcqRel);
        } else {
            self.flags.fetch_and(!flag, Ordering::AcqRel);
        }
    }

    pub(crate) fn is_starting(&self) -> bool {
        self.flags.load(Ordering::Acquire) & STARTING != 0
    }

    pub(crate) fn set_starting(&self, starting: bool) {
        self.set(STARTING, starting);
    }

    /// The process whose end is an order to end: the starter, if the start made a link.
    pub(crate) fn guardian(&self) -> Option<Pid> {
        if self.flags.load(Ordering::Acquire) & LINKED != 0 { self.parent() } else { None }
    }

    pub(crate) fn set_linked(&self) {
        self.set(LINKED, true);
    }

    /// Whether the guardian has told it to end, which it may not have read yet.
    pub(crate) fn is_ordered(&self) -> bool {
        self.flags.load(Ordering::Acquire) & ORDERED != 0
    }

    pub(crate) fn set_ordered(&self) {
        self.set(ORDERED, true);
    }

    pub(crate) fn is_daemon(&self) -> bool {
        self.flags.load(Ordering::Acquire) & DAEMON != 0
    }

    pub(crate) fn set_daemon(&self) {
        self.set(DAEMON, true);
    }

    pub(crate) fn set_taken(&self, taken: usize) {
        self.taken.store(u32::try_from(taken).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed) as usize
    }

    /// Counts messages that a selective receive has looked at and keeps.
    pub(crate) fn add_passed(&self, passed: u32) {
        self.taken.fetch_add(passed, Ordering::Relaxed);
    }

    /// The receive is over: its messages are in the mailbox again.
    pub(crate) fn remove_passed(&self, passed: usize) {
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        self.taken.fetch_sub(passed, Ordering::Relaxed);
    }

    /// How many messages are neither handled nor in the mailbox.
    pub(crate) fn held(&self) -> usize {
        match self.kind {
            Kind::Server => self.taken().saturating_sub(1),
            Kind::Plain | Kind::Root | Kind::Master => self.taken(),
        }
    }

    /// Whether a message is being handled.
    pub(crate) fn is_handling(&self) -> bool {
        self.kind == Kind::Server && self.taken() > 0
    }

    pub(crate) fn waker(&self) -> Option<&Waker> {
        self.waker.get()
    }

    /// Says that there is mail, to a server that is about to be run.
    pub(crate) fn set_mail(&self) {
        self.mail.store(true, Ordering::Relaxed);
    }

    /// Remembers the task's waker; it stays the same for the task's whole life.
    pub(crate) fn set_waker(&self, waker: &Waker) {
        if self.waker.get().is_none() {
            let _ = self.waker.set(waker.clone());
        }
    }

    /// Whether the process has to look into its mailbox: if not, a wake is sure to follow.
    pub(crate) fn has_mail(&self) -> bool {
        self.mail.load(Ordering::Relaxed)
    }

    /// Wakes a process that waits for messages.
    pub(crate) fn wake_for_mail(&self) {
        self.mail.store(true, Ordering::Relaxed);
        self.wake();
    }

    /// Wakes the task. Before its first poll it needs no waking.
    pub(crate) fn wake(&self) {
        if let Some(waker) = self.waker.get() {
            waker.wake_by_ref();
        }
    }
}

/// A process whose mailbox holds requests of type `M` besides ordinary messages.
pub(crate) struct Block<M> {
    head: Head,
    state: Mutex<State<M>>,
    body: Body,
}

/// Everything of a process that changes, under one lock, so that messages and signals of one sender
/// are seen in the order sent.
struct State<M> {
    queue: Queue<M>,
    control: Control,
}

impl<M: Send + 'static> Process for Block<M> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn locked(&self, f: &mut dyn FnMut(&mut Control, &mut dyn Inbox)) {
        let mut state = self.state.lock();
        let State { queue, control } = &mut *state;
        f(control, queue);
    }

    fn body(&self) -> Option<&Body> {
        Some(&self.body)
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl<M: Send + 'static> Block<M> {
    pub(crate) fn new(head: Head, control: Control) -> Block<M> {
        let state = Mutex::new(State { queue: Queue::new(), control });
        Block { head, state, body: Body::default() }
    }

    /// Puts a request or message at the end of the mailbox and wakes the process if it waits.
    ///
    /// Drops it when the process takes no messages any more; whether it was taken.
    #[inline]
    pub(crate) fn push(&self, envelope: Envelope<M>) -> bool {
        let mut guard = self.state.lock();
        let state = &mut *guard;
        if state.control.phase != Phase::Running {
            drop(guard);
            drop(envelope);
            return false;
        }
        state.queue.push(envelope);
        let wake = std::mem::take(&mut state.control.parked);
        drop(guard);
        if wake {
            self.head.wake_for_mail();
        }
        true
    }

    /// As [`Block::push`], and runs a waiting server at once where that pays. Whether it was taken.
    #[inline]
    pub(crate) fn push_and_run(&self, request: M, task: &mut Context<'_>) -> bool {
        let origin = Origin::here();
        let mut guard = self.state.lock();
        let state = &mut *guard;
        if state.control.phase != Phase::Running {
            drop(guard);
            drop(request);
            return false;
        }
        state.queue.push(Envelope::Request(request, origin));
        let wake = std::mem::take(&mut state.control.parked);
        drop(guard);
        if wake {
            self.head.set_mail();
            if !handoff::run(&self.head, &self.body, task) {
                self.head.wake();
            }
        }
        true
    }

    /// Offers a request to a mailbox in which at most `capacity` requests may wait.
    pub(crate) fn offer(&self, request: M, capacity: u32) -> Offered<M> {
        let origin = Origin::here();
        let mut guard = self.state.lock();
        let state = &mut *guard;
        if state.control.phase != Phase::Running {
            return Offered::Closed(request);
        }
        let bounded = state.control.rare().bounded.get_or_insert_with(Box::default);
        if bounded.waiting >= capacity {
            return Offered::Full(request);
        }
        bounded.waiting += 1;
        state.queue.push(Envelope::Request(request, origin));
        let wake = std::mem::take(&mut state.control.parked);
        drop(guard);
        if wake {
            self.head.wake_for_mail();
        }
        Offered::Taken
    }

    /// As [`Block::offer`], and enters the task among those who wait for a place.
    pub(crate) fn offer_or_wait(
        &self,
        request: M,
        capacity: u32,
        place: &mut Option<usize>,
        task: &mut Context<'_>,
    ) -> Offered<M> {
        // Entered first, so that a place that becomes free in between is not missed.
        self.enter_queue(place, task);
        let offered = self.offer(request, capacity);
        if !matches!(offered, Offered::Full(_)) {
            self.leave_queue(place.take());
        }
        offered
    }

    fn enter_queue(&self, place: &mut Option<usize>, task: &mut Context<'_>) {
        with_control(self, |control, _| {
            let rare = control.rare();
            let queue = &mut rare.bounded.get_or_insert_with(Box::default).queue;
            match *place {
                Some(place) => queue.refresh(place, task.waker()),
                None => *place = Some(queue.enter(task.waker().clone())),
            }
        });
    }

    /// Gives up a place among those who wait for a place in the mailbox.
    pub(crate) fn leave_queue(&self, place: Option<usize>) {
        let Some(place) = place else { return };
        with_control(self, |control, _| {
            if let Some(bounded) = control.get_rare_mut().and_then(|rare| rare.bounded.as_mut()) {
                bounded.queue.leave(place);
            }
        });
    }

    /// Makes room for a cast by dropping the oldest request that `droppable` allows; or else counts
    /// the cast itself as dropped. Whether there is room now.
    pub(crate) fn make_room(&self, droppable: impl Fn(&M) -> bool, drop_oldest: bool) -> bool {
        let mut guard = self.state.lock();
        let state = &mut *guard;
        let Some(bounded) = state.control.rare().bounded.as_mut() else { return true };
        bounded.dropped += 1;
        if !drop_oldest {
            return false;
        }
        let dropped = state.queue.remove_request(droppable);
        if dropped.is_some() {
            bounded.waiting -= 1;
        }
        drop(guard);
        dropped.is_some()
    }

    /// Takes the oldest message of a bounded mailbox, and tells those who wait for a place.
    pub(crate) fn take_one(&self) -> Option<Envelope<M>> {
        let mut guard = self.state.lock();
        let state = &mut *guard;
        let envelope = state.queue.pop();
        let more = !state.queue.is_empty();
        self.head.mail.store(more, Ordering::Relaxed);
        state.control.parked = !more;
        let mut queue = Vec::new();
        if let Some(Envelope::Request(..)) = &envelope {
            if let Some(bounded) = state.control.rare().bounded.as_mut() {
                bounded.waiting = bounded.waiting.saturating_sub(1);
                queue = bounded.queue.take();
            }
        }
        drop(guard);
        queue.into_iter().for_each(Waker::wake);
        envelope
    }

    /// Takes all waiting messages: returns the first and swaps the others with the empty `rest`.
    ///
    /// From here on the process counts as waiting, so that it need not lock again to say so: the
    /// next message wakes it, even while it still handles these.
    pub(crate) fn take(&self, rest: &mut VecDeque<Envelope<M>>) -> Option<Envelope<M>> {
        let mut state = self.state.lock();
        self.head.mail.store(false, Ordering::Relaxed);
        state.control.parked = true;
        let first = state.queue.pop();
        state.queue.swap_rest(rest);
        drop(state);
        first
    }

    /// Gives back the memory of the mailbox if nothing waits in it.
    pub(crate) fn release(&self) {
        let mut state = self.state.lock();
        if state.queue.is_empty() {
            let unused = std::mem::replace(&mut state.queue, Queue::new());
            drop(state);
            drop(unused);
        }
    }

    /// Keeps messages that were taken but not handled, to be dropped after the exit is announced.
    pub(crate) fn bury(&self, messages: VecDeque<Envelope<M>>) {
        if !messages.is_empty() {
            self.state.lock().control.rare().buried.push(Box::new(messages));
        }
    }
}

/// What became of a request that was offered to a bounded mailbox.
pub(crate) enum Offered<M> {
    Taken,
    Full(M),
    Closed(M),
}

/// Runs `f` under the lock of a process of any type.
pub(crate) fn with_control<R>(
    process: &dyn Process,
    f: impl FnOnce(&mut Control, &mut dyn Inbox) -> R,
) -> R {
    let mut f = Some(f);
    let mut result = None;
    process.locked(&mut |control, inbox| {
        if let Some(f) = f.take() {
            result = Some(f(control, inbox));
        }
    });
    result.expect("`locked` runs its closure once")
}

/// Puts an ordinary message into a process of any type. Whether it was taken: a process that has
/// ended takes none.
pub(crate) fn send(process: &dyn Process, message: Message) -> bool {
    let mut message = Some(message);
    let wake = with_control(process, |control, inbox| {
        if control.phase != Phase::Running {
            return false;
        }
        message.take().is_some_and(|message| signal::deliver(process, control, inbox, message))
    });
    if wake {
        process.head().wake_for_mail();
    }
    // A message that was not taken is dropped here, outside the lock.
    message.is_none()
}

/// The typed block of a process, if its requests are `M`.
pub(crate) fn typed<M: Send + 'static>(process: ProcessRef) -> Option<Arc<Block<M>>> {
    process.into_any().downcast().ok()
}

/// The registered name of a process, one that a registry keeps, or its pid.
pub(crate) fn display_name(process: &dyn Process) -> String {
    let known = with_control(process, |control, _| {
        let via =
            || control.get_rare().and_then(|rare| rare.vias().first().cloned()).map(Name::Via);
        control.name().cloned().or_else(via)
    });
    match known {
        Some(name) => name.to_string(),
        None => process.head().pid.to_string(),
    }
}

/// The process that holds a name on a node.
pub(crate) fn holder(node: &Node, name: &Name) -> Option<ProcessRef> {
    let Name::Via(via) = name else { return node.names.get(name) };
    let here = Node::current().is_some_and(|current| current.id == node.id);
    let _inside = if here { None } else { Some(node.runtime.enter()) };
    node.table.get(via.whereis()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::mailbox::Envelope;
    use std::num::NonZeroU64;

    #[test]
    fn what_every_process_has_is_small() {
        assert!(size_of::<Head>() <= 80, "{}", size_of::<Head>());
        assert!(size_of::<Control>() <= 16, "{}", size_of::<Control>());
    }

    #[test]
    fn an_idle_mailbox_owns_no_memory() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let node = runtime.block_on(async { Node::expect_current() });
        let head = Head::new(Pid::new(1, 1, NonZeroU64::MIN), None, node, Kind::Server);
        let block: Block<u64> = Block::new(head, Control::new(false));
        let mut taken = VecDeque::new();
        for number in 0..1_000 {
            assert!(block.push(Envelope::Request(number, Origin::here())));
        }
        assert!(block.take(&mut taken).is_some());
        assert_eq!(taken.len(), 999);
        taken.clear();
        assert!(block.take(&mut taken).is_none()); // the buffers have changed places
        assert!(block.state.lock().queue.capacity() >= 999);
        block.release();
        assert_eq!((taken.capacity(), block.state.lock().queue.capacity()), (0, 0));
    }
}
