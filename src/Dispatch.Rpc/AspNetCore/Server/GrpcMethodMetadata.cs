using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>Marks an endpoint as a gRPC method; reflection finds the services of a server by it. Immutable.</summary>
public sealed class GrpcMethodMetadata
{
    /// <summary>Marks an endpoint.</summary>
    public GrpcMethodMetadata(Type serviceType, IMethod method) => (ServiceType, Method) = (serviceType, method);

    /// <summary>The class that implements the service.</summary>
    public Type ServiceType { get; }

    /// <summary>The method.</summary>
    public IMethod Method { get; }
}
