//! The tutorial's chapter about agents.

use otp::prelude::*;

#[otp::test]
async fn a_list_in_an_agent() {
    let agent = Agent::start_link(Vec::<&str>::new).await.unwrap();
    let named = Agent::start_link(Vec::<&str>::new).name("my_agent").await.unwrap();
    assert_eq!(Agent::<Vec<&str>>::named("my_agent").pid(), named.pid());

    // Reading.
    assert_eq!(agent.get(|list| list.clone()).await.unwrap(), Vec::<&str>::new());
    assert_eq!(agent.get(Clone::clone).await.unwrap(), Vec::<&str>::new()); // in short

    // Changing.
    agent.update(|list| list.insert(0, "new")).await.unwrap();

    // Both at the same time.
    let head = agent.get_and_update(|list| list.remove(0)).await.unwrap();
    assert_eq!(head, "new");

    // Without waiting.
    agent.cast(|list| list.insert(0, "async"));
    assert_eq!(agent.get(Vec::len).await.unwrap(), 1);

    agent.stop().await.unwrap();
    assert_eq!(agent.get(Vec::len).await, Err(CallError::NoProc));
}
