// It marks the module. Each file VERSION.mod beside it has the requirements of one version of etcd.
module build-etcd

go 1.26
