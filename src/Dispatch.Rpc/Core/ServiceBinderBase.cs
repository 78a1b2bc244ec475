using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>Receives the methods of a service from its generated <c>BindService</c>, one call a method.</summary>
/// <remarks>A handler is null where the binder gets the service instance in another way.</remarks>
public abstract class ServiceBinderBase
{
    /// <summary>Adds a method of one request and one response.</summary>
    public abstract void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class;

    /// <summary>Adds a method of many requests and one response.</summary>
    public abstract void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ClientStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class;

    /// <summary>Adds a method of one request and many responses.</summary>
    public abstract void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ServerStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class;

    /// <summary>Adds a method of many requests and many responses.</summary>
    public abstract void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class;
}

/// <summary>Says where the generated bind method of a service base class is.</summary>
/// <remarks>Put there by the generator; the server reads it to find the methods of a service.</remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BindServiceMethodAttribute : Attribute
{
    /// <summary>Names the type and its static method <c>(ServiceBinderBase, TServiceBase)</c>.</summary>
    public BindServiceMethodAttribute(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)]
        Type bindType,
        string bindMethodName)
    {
        BindType = bindType;
        BindMethodName = bindMethodName;
    }

    /// <summary>The type that holds the method.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)]
    public Type BindType { get; }

    /// <summary>The method's name.</summary>
    public string BindMethodName { get; }
}
