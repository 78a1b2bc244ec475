namespace Grpc.Core;

/// <summary>Methods with their handlers, as the generated <c>BindService(instance)</c> gives them. Immutable.</summary>
public sealed class ServerServiceDefinition
{
    private readonly IReadOnlyList<Action<ServiceBinderBase>> _methods;

    private ServerServiceDefinition(IReadOnlyList<Action<ServiceBinderBase>> methods) => _methods = methods;

    /// <summary>Starts a definition.</summary>
    public static Builder CreateBuilder() => new();

    /// <summary>Gives every method to a binder, in the order they were added.</summary>
    public void Bind(ServiceBinderBase binder)
    {
        ArgumentNullException.ThrowIfNull(binder);
        foreach (Action<ServiceBinderBase> add in _methods)
            add(binder);
    }

    /// <summary>Collects the methods of a service. Not thread-safe.</summary>
    public sealed class Builder
    {
        private readonly List<Action<ServiceBinderBase>> _methods = [];

        /// <summary>Adds a method of one request and one response.</summary>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            UnaryServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => With(binder => binder.AddMethod(method, handler));

        /// <summary>Adds a method of many requests and one response.</summary>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ClientStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => With(binder => binder.AddMethod(method, handler));

        /// <summary>Adds a method of one request and many responses.</summary>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            ServerStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => With(binder => binder.AddMethod(method, handler));

        /// <summary>Adds a method of many requests and many responses.</summary>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method,
            DuplexStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => With(binder => binder.AddMethod(method, handler));

        /// <summary>The definition with what was added so far.</summary>
        public ServerServiceDefinition Build() => new([.. _methods]);

        private Builder With(Action<ServiceBinderBase> add)
        {
            _methods.Add(add);
            return this;
        }
    }
}
