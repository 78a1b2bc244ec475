// A rival for Resolve: the asynchronous C++ server of gRPC, on one thread and one completion queue, for dispatch.v1.Routing.
// It decodes each request and encodes a copy of one reply, which it reads from a file; it decides nothing.
// usage: resolve_async PORT REPLY_FILE
#include <grpcpp/grpcpp.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "dispatch/v1/routing.grpc.pb.h"

namespace {

using dispatch::v1::ResolveReply;
using dispatch::v1::ResolveRequest;
using dispatch::v1::Routing;

// Calls that wait for a request at a time: as many as h2load keeps open, and room.
constexpr int kWaiting = 512;

class Call {
 public:
  Call(Routing::AsyncService* service, grpc::ServerCompletionQueue* queue, const ResolveReply& answer)
      : service_(service), queue_(queue), answer_(answer), writer_(&context_) {
    service_->RequestResolve(&context_, &request_, &writer_, queue_, queue_, this);
  }

  void Proceed(bool ok) {
    if (answered_ || !ok) {
      delete this;
      return;
    }
    new Call(service_, queue_, answer_);
    answered_ = true;
    reply_.CopyFrom(answer_);
    writer_.Finish(reply_, grpc::Status::OK, this);
  }

 private:
  Routing::AsyncService* service_;
  grpc::ServerCompletionQueue* queue_;
  const ResolveReply& answer_;
  grpc::ServerContext context_;
  ResolveRequest request_;
  ResolveReply reply_;
  grpc::ServerAsyncResponseWriter<ResolveReply> writer_;
  bool answered_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream file(argv[2], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ResolveReply answer;
  if (!file || !answer.ParseFromString(bytes)) return 2;

  Routing::AsyncService service;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(std::string("127.0.0.1:") + argv[1], grpc::InsecureServerCredentials());
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 1000);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  for (int i = 0; i < kWaiting; i++) new Call(&service, queue.get(), answer);
  std::cout << "ready" << std::endl;
  void* tag;
  bool ok;
  while (queue->Next(&tag, &ok)) static_cast<Call*>(tag)->Proceed(ok);
}
