//! The server that knows who is in which room, and says when that changes.

use std::collections::{BTreeMap, HashMap};

use otp::prelude::*;

use crate::connection::End;
use crate::event::{Event, Occupied};
use crate::name::Name;
use crate::rooms::{Nicks, Rooms, announce};

/// Announces who comes and goes.
///
/// It monitors everybody who is in a room. So it hears of every end, be it a goodbye, a lost
/// connection or a kill, and whoever is gone is announced and is in no list.
#[derive(Debug, Default)]
pub struct Presence {
    people: HashMap<Pid, Person>,
    rooms: BTreeMap<Name, BTreeMap<Name, Pid>>,
}

#[derive(Debug)]
struct Person {
    nick: Name,
    rooms: Vec<Name>,
}

#[gen_server(name)]
impl Presence {
    /// Finds out who is there already: after a crash its clients go on, and so does it.
    #[init]
    pub fn init(cx: &mut Context<Self>) -> Result<Self, RegistryError> {
        let mut presence = Presence::default();
        for (room, pid) in Rooms::select(|room, pid, _| Some((room.clone(), pid)))? {
            if let Some(nick) = Nicks::keys(pid)?.pop() {
                presence.enter(pid, nick, room, cx);
            }
        }
        Ok(presence)
    }

    /// Somebody has entered a room, and gets to know who is in it.
    #[handle_call]
    pub fn joined(
        &mut self,
        pid: Pid,
        nick: Name,
        room: Name,
        cx: &mut Context<Self>,
    ) -> Vec<Name> {
        self.enter(pid, nick.clone(), room.clone(), cx);
        let members = self.members(room.clone());
        tell(&room.clone(), Event::Joined { room, nick });
        members
    }

    /// Somebody leaves a room.
    #[handle_call]
    pub fn left(&mut self, pid: Pid, room: Name) {
        if let Some(person) = self.people.get_mut(&pid) {
            person.rooms.retain(|other| *other != room);
            let nick = person.nick.clone();
            self.remove(&nick, pid, room, "went out".to_owned());
        }
    }

    /// Somebody has another name now.
    #[handle_call]
    pub fn renamed(&mut self, pid: Pid, to: Name) {
        let Some(person) = self.people.get_mut(&pid) else { return };
        let from = std::mem::replace(&mut person.nick, to.clone());
        for room in &person.rooms {
            let members = self.rooms.entry(room.clone()).or_default();
            forget(members, &from, pid);
            members.insert(to.clone(), pid);
            let (room, from, to) = (room.clone(), from.clone(), to.clone());
            tell(&room.clone(), Event::Renamed { room, from, to });
        }
    }

    /// Who is in a room.
    #[handle_call]
    pub fn members(&self, room: Name) -> Vec<Name> {
        self.rooms.get(&room).map(|members| members.keys().cloned().collect()).unwrap_or_default()
    }

    /// The rooms with somebody in them.
    #[handle_call]
    pub fn rooms(&self) -> Vec<Occupied> {
        let occupied = |(room, members): (&Name, &BTreeMap<Name, Pid>)| Occupied {
            room: room.clone(),
            members: members.len(),
        };
        self.rooms.iter().map(occupied).collect()
    }

    #[handle_info]
    fn gone(&mut self, down: Down) {
        let Some(pid) = down.pid else { return };
        let Some(person) = self.people.remove(&pid) else { return };
        let why = match End::of(&down.reason) {
            Some(End::Stopped) => return, // everybody goes, and everybody was told
            Some(end) => end.to_string(),
            None => "was lost".to_owned(),
        };
        for room in person.rooms {
            self.remove(&person.nick, pid, room, why.clone());
        }
    }

    fn enter(&mut self, pid: Pid, nick: Name, room: Name, cx: &mut Context<Self>) {
        let person = self.people.entry(pid).or_insert_with(|| {
            cx.monitor(pid);
            Person { nick: nick.clone(), rooms: Vec::new() }
        });
        if !person.rooms.contains(&room) {
            person.rooms.push(room.clone());
        }
        self.rooms.entry(room).or_default().insert(nick, pid);
    }

    fn remove(&mut self, nick: &Name, pid: Pid, room: Name, why: String) {
        if let Some(members) = self.rooms.get_mut(&room) {
            forget(members, nick, pid);
            if members.is_empty() {
                self.rooms.remove(&room);
            }
        }
        tell(&room.clone(), Event::Left { room, nick: nick.clone(), why });
    }
}

/// Takes a name out of a room, unless it belongs to somebody else by now.
fn forget(members: &mut BTreeMap<Name, Pid>, nick: &Name, pid: Pid) {
    if members.get(nick) == Some(&pid) {
        members.remove(nick);
    }
}

/// Nobody is in any room when there is no registry, so there is nobody to miss it.
fn tell(room: &Name, event: Event) {
    let _ = announce(room, event);
}
