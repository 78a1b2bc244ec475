using System.Collections;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// The state of one request, kept by the server with the stream and used again by the stream's next request. For the pipeline it stands
/// in for the server's features, so that the pipeline too keeps its own state with the stream.
/// </summary>
/// <typeparam name="TInner">The pipeline's state.</typeparam>
internal sealed class DirectContext<TInner>(IFeatureCollection features) : IFeatureCollection, IHostContextContainer<TInner>, IDirectFeatures
    where TInner : notnull
{
    private readonly DirectFeatures _features =
        features.Get<IDirectCallsFeature>() is not null ? DirectFeatures.Of(features) : default;

    /// <summary>What the stream gives; with nothing in it where the connection takes no direct calls. A stream never moves to another connection.</summary>
    public ref readonly DirectFeatures Features => ref _features;

    /// <summary>Who judges the calls of the stream's connection; null where nobody does.</summary>
    public ICallAdmission? Admission { get; } = features.Get<ICallAdmission>();

    /// <summary>The method that may answer directly; null for the pipeline.</summary>
    public DirectCall? Call { get; set; }

    /// <summary>Whether the pipeline has begun with the request.</summary>
    public bool InPipeline { get; set; }

    /// <summary>The pipeline's state of this request.</summary>
    public TInner? Inner { get; set; }

    TInner? IHostContextContainer<TInner>.HostContext { get; set; }

    bool IFeatureCollection.IsReadOnly => features.IsReadOnly;

    int IFeatureCollection.Revision => features.Revision;

    object? IFeatureCollection.this[Type key]
    {
        get => features[key];
        set => features[key] = value;
    }

    TFeature? IFeatureCollection.Get<TFeature>()
        where TFeature : default => features.Get<TFeature>();

    void IFeatureCollection.Set<TFeature>(TFeature? instance)
        where TFeature : default => features.Set(instance);

    IEnumerator<KeyValuePair<Type, object>> IEnumerable<KeyValuePair<Type, object>>.GetEnumerator() => features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => features.GetEnumerator();
}

/// <summary>Marks a connection whose calls may be answered directly.</summary>
internal interface IDirectCallsFeature;
