//! Servers that hold clients of each other, and send them: whether a client can move between
//! threads is asked while the same is asked of its server.

#![deny(warnings)]

use otp::prelude::*;

struct Job {
    answer_to: BuyerClient,
    others: Vec<ServerRef<Seller>>,
}

pub struct Buyer {
    me: Option<BuyerClient>,
    seller: Option<SellerClient>,
}

#[gen_server]
impl Buyer {
    #[init]
    pub async fn init(seller: Option<SellerClient>) -> Self {
        Buyer { me: None, seller }
    }

    #[handle_call]
    pub async fn meet(&mut self, me: BuyerClient, seller: SellerClient) -> SellerClient {
        self.me = Some(me);
        self.seller = Some(seller.clone());
        seller
    }

    #[handle_cast]
    pub async fn ask(&mut self) {
        let (Some(me), Some(seller)) = (&self.me, &self.seller) else { return };
        let job = Job { answer_to: me.clone(), others: vec![seller.server().clone()] };
        let _ = seller.work(job).await;
    }
}

pub struct Seller(Option<Job>);

#[gen_server]
impl Seller {
    #[init]
    fn init() -> Self {
        Seller(None)
    }

    #[handle_call]
    async fn work(&mut self, job: Job) -> usize {
        let count = job.others.len();
        let _ = job.answer_to.is_alive();
        self.0.replace(job).map_or(count, |before| before.others.len() + count)
    }
}

#[otp::main]
async fn main() {
    let seller = Seller::start_link().await.unwrap();
    let buyer = Buyer::start_link(Some(seller.clone())).await.unwrap();
    buyer.meet(buyer.clone(), seller.clone()).await.unwrap();
    buyer.ask();
    let job = Job { answer_to: buyer.clone(), others: Vec::new() };
    buyer.meet(buyer.clone(), seller.clone()).await.unwrap();
    assert_eq!(seller.work(job).await, Ok(1));
}
