namespace Grpc.Core;

/// <summary>What every generated client shares. Thread-safe.</summary>
public abstract class ClientBase
{
    /// <summary>For fakes that override every method; calling through it throws.</summary>
    protected ClientBase()
        : this(new ClientBaseConfiguration(null))
    {
    }

    /// <summary>A client over a channel.</summary>
    protected ClientBase(ChannelBase channel)
        : this((channel ?? throw new ArgumentNullException(nameof(channel))).CreateCallInvoker())
    {
    }

    /// <summary>A client over an invoker.</summary>
    protected ClientBase(CallInvoker callInvoker)
        : this(new ClientBaseConfiguration(callInvoker ?? throw new ArgumentNullException(nameof(callInvoker))))
    {
    }

    /// <summary>A client that shares another client's configuration.</summary>
    protected ClientBase(ClientBaseConfiguration configuration) => Configuration = configuration;

    /// <summary>Where the calls go.</summary>
    /// <exception cref="InvalidOperationException">The client was made without channel or invoker.</exception>
    protected CallInvoker CallInvoker =>
        Configuration.Invoker ?? throw new InvalidOperationException("This client has neither a channel nor a call invoker.");

    /// <summary>The client's configuration.</summary>
    protected ClientBaseConfiguration Configuration { get; }

    /// <summary>What a client is configured with; opaque to generated code.</summary>
    protected internal sealed class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker? invoker) => Invoker = invoker;

        internal CallInvoker? Invoker { get; }
    }
}

/// <summary>The base of generated clients.</summary>
/// <typeparam name="T">The generated client itself.</typeparam>
public abstract class ClientBase<T> : ClientBase
    where T : ClientBase<T>
{
    /// <summary>For fakes that override every method.</summary>
    protected ClientBase()
    {
    }

    /// <summary>A client over a channel.</summary>
    protected ClientBase(ChannelBase channel)
        : base(channel)
    {
    }

    /// <summary>A client over an invoker.</summary>
    protected ClientBase(CallInvoker callInvoker)
        : base(callInvoker)
    {
    }

    /// <summary>A client that shares a configuration.</summary>
    protected ClientBase(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>Makes another client of the same type.</summary>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}
