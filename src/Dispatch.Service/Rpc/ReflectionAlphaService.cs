using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace TrafficDispatch.Service.Rpc;

/// <summary>The reflection service under its older name. The messages have v1's bytes, so v1 answers.</summary>
/// <remarks>Thread-safe; register it as a singleton.</remarks>
public sealed class ReflectionAlphaService : ServerReflection.ServerReflectionBase
{
    private readonly ReflectionService _v1;

    /// <summary>Stands on the service of v1.</summary>
    public ReflectionAlphaService(ReflectionService v1) => _v1 = v1;

    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (ServerReflectionRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            var question = Grpc.Reflection.V1.ServerReflectionRequest.Parser.ParseFrom(request.ToByteString());
            await responseStream.WriteAsync(ServerReflectionResponse.Parser.ParseFrom(_v1.Answer(question).ToByteString()));
        }
    }
}
