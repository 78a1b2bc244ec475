"""Counts checks, and makes messages and stubs from a descriptor file instead of generated code."""

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


class Report:
    """The checks so far."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, condition, seen=""):
        if condition:
            self.passed += 1
        else:
            self.failed += 1
        print(f"{'ok  ' if condition else 'FAIL'} {name} {seen}", flush=True)

    def run(self, scenario, *arguments):
        """Runs a scenario; an exception it did not expect is a failed check, not the end of the suite."""
        try:
            scenario(self, *arguments)
        except Exception as error:  # noqa: BLE001
            self.check(scenario.__name__, False, repr(error))


class Schema:
    """Message classes and call factories of the services in a FileDescriptorSet."""

    def __init__(self, path):
        self._pool = descriptor_pool.DescriptorPool()
        with open(path, "rb") as file:
            files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
        for proto in files.file:
            self._pool.Add(proto)
        self._factory = message_factory.MessageFactory(self._pool)

    def message(self, name):
        return self._factory.GetPrototype(self._pool.FindMessageTypeByName(name))

    def stub(self, channel, service):
        return Stub(self, channel, self._pool.FindServiceByName(service))


class Stub:
    """One callable a method, of the kind that the descriptor says."""

    def __init__(self, schema, channel, service):
        for method in service.methods:
            proto = descriptor_pb2.MethodDescriptorProto()
            method.CopyToProto(proto)
            kind = ("stream" if proto.client_streaming else "unary") + "_" + ("stream" if proto.server_streaming else "unary")
            reply = schema.message(method.output_type.full_name)
            setattr(self, method.name, getattr(channel, kind)(
                f"/{service.full_name}/{method.name}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=reply.FromString))


def failure(call):
    """The RpcError of a call, or None where it succeeds."""
    try:
        call()
    except grpc.RpcError as error:
        return error
    return None


def trailers(error):
    return {key: value for key, value in error.trailing_metadata()}
