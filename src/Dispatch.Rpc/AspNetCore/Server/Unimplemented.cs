using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>The names of the services that are mapped. Thread-safe.</summary>
internal sealed class MappedServices
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    public void Add(IEnumerable<string> names)
    {
        foreach (string name in names)
            _names[name] = true;
    }

    public bool Contains(string name) => _names.ContainsKey(name);
}

/// <summary>Answers gRPC requests that no endpoint took with <see cref="StatusCode.Unimplemented"/>.</summary>
/// <remarks>
/// It stands behind the application's whole pipeline. Catch-all routes would do the same, but each would be a second
/// candidate for every method's path and so cost every call the slow way through route matching.
/// </remarks>
internal sealed class UnimplementedStartupFilter(MappedServices known) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        app.Use(rest => http => http.GetEndpoint() is null && IsCall(http.Request) ? Answer(http) : rest(http));
    };

    private static bool IsCall(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && RequestGate.IsGrpc(request.ContentType);

    private Task Answer(HttpContext http)
    {
        if (RequestGate.Rejects(http))
            return Task.CompletedTask;
        string path = http.Request.Path.Value ?? string.Empty;
        int slash = path.LastIndexOf('/');
        bool serviceKnown = slash > 0 && known.Contains(path[1..slash]);
        string detail = serviceKnown ? "Method is unimplemented." : "Service is unimplemented.";
        new CallRefusal(new Status(StatusCode.Unimplemented, detail)).WriteTo(http.Response);
        return Task.CompletedTask;
    }
}
