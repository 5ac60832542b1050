//! Every limit that the relay alone enforces, with unit and reason. What both ends of the protocol
//! share is in `shared::limits`.

super::declare! {
    pub struct Limits {
        /// Messages of one visitor in 10 s, then rate_limited; 0 for no limit. More than anybody types.
        visitor_messages: u32 = "visitor-messages" "COUNT" Some("20");
        /// New conversations from one address in an hour; 0 for no limit. An office behind one address fits in.
        new_conversations: u32 = "new-conversations" "COUNT" Some("60");
        /// Files of visitors from one address in an hour; 0 for no limit. An office behind one address fits in.
        visitor_files: u32 = "visitor-files" "COUNT" Some("120");
        /// Frames that wait for one socket, then it is closed as a slow reader. Five pages of history.
        socket_queue_frames: usize = "socket-queue-frames" "COUNT" Some("256");
        /// Bytes that wait for one socket, then it is closed as a slow reader. Sixteen of the largest frames.
        socket_queue_bytes: usize = "socket-queue-bytes" "BYTES" Some("1048576");
        /// Seconds that one write to a socket may take. A reader on a train gets through a tunnel.
        socket_write_seconds: u64 = "socket-write-seconds" "SECONDS" Some("10");
        /// Bytes of a request's body. A conversation with a hundred long messages fits in.
        request_bytes: usize = "request-bytes" "BYTES" Some("1048576");
        /// Bytes of a file. Photos of a telephone and scanned contracts fit in.
        file_bytes: u64 = "file-bytes" "BYTES" Some("10485760");
        /// Days that administrative acts are kept. The questions of a yearly audit can be answered.
        audit_days: u64 = "audit-days" "DAYS" Some("400");
        /// Seconds that sending a file may take. The largest one gets through at 300 kbit/s.
        upload_seconds: u64 = "upload-seconds" "SECONDS" Some("300");
        /// Seconds that a request may take from its last header to its answer.
        request_seconds: u64 = "request-seconds" "SECONDS" Some("30");
        /// Seconds within which a connection sends the headers of its request.
        header_seconds: u64 = "header-seconds" "SECONDS" Some("10");
        /// Seconds that requests under way and sockets get to finish when the relay stops.
        shutdown_seconds: u64 = "shutdown-seconds" "SECONDS" Some("10");
    }
}
