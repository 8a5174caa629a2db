// danfojs-node asks for this package by name; it gets the one that the notebooks use
module.exports = require('@tensorflow/tfjs');
