using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Gives each call its service instance: a singleton if so registered, else from the request's scope, else a new one.</summary>
internal sealed class ServiceActivator<TService>
    where TService : class
{
    private readonly ObjectFactory<TService>? _create;
    private readonly IServiceProvider? _root;
    private TService? _singleton;

    public ServiceActivator(IServiceProvider root)
    {
        if (root.GetRequiredService<ServiceLifetimes>().IsSingleton(typeof(TService)))
            _root = root;
        else if (root.GetService<IServiceProviderIsService>()?.IsService(typeof(TService)) != true)
            _create = ActivatorUtilities.CreateFactory<TService>([]);
    }

    /// <summary>Whether every call gets the same instance.</summary>
    public bool IsSingleton => _root is not null;

    /// <summary>The instance for a call. Give it back with <see cref="ReleaseAsync"/> when its handler has ended.</summary>
    public TService Get(HttpContext http)
    {
        if (_singleton is { } ready)
            return ready;
        if (_root is not null)
            return _singleton = _root.GetRequiredService<TService>();
        return _create is null
            ? http.RequestServices.GetRequiredService<TService>()
            : _create(http.RequestServices, null);
    }

    /// <summary>A raw method of the singleton, which is made when it is first called.</summary>
    public DirectAnswer Bind(RawUnaryMethod<TService> method)
    {
        return Answer;

        bool Answer(in ReadOnlySequence<byte> request, IBufferWriter<byte> response) =>
            method(_singleton ??= _root!.GetRequiredService<TService>(), request, response);
    }

    /// <summary>Disposes an instance that was made for one call; the container disposes the others.</summary>
    public ValueTask ReleaseAsync(TService? service)
    {
        if (_create is null || service is null)
            return ValueTask.CompletedTask;
        if (service is IAsyncDisposable asyncDisposable)
            return asyncDisposable.DisposeAsync();
        (service as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
